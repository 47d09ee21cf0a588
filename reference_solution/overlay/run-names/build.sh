#!/bin/sh
# The container names are the DNS names, on both engines.
set -eu
. ../swarm.sh

manager network create --driver overlay --attachable wide-net

manager run -d --name alpha --network wide-net nginx:alpine
worker run -d --name beta --network wide-net nginx:alpine
