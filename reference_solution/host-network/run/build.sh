#!/bin/sh
# The container lives in the host's sandbox: what it listens on, the host listens on.
set -eu

docker run -d --name web --network host nginx
