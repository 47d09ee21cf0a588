#!/bin/sh
# An image of one's own counts as nginx: it is built on it.
set -eu

docker build -q -t lab/host-web .
docker run -d --name site --network host lab/host-web
