#!/bin/sh
# Services of the swarm, each bound to one of the nodes; their names are the DNS names.
set -eu
. ../swarm.sh

manager network create --driver overlay --attachable wide-net

# By its id, an image that both engines have is taken without asking a registry.
for engine in manager worker; do
    $engine image inspect nginx:alpine >/dev/null 2>&1 || $engine pull nginx:alpine
done
image=$(manager image inspect --format '{{.Id}}' nginx:alpine)

serve() { manager service create --no-resolve-image --network wide-net "$@" "$image"; }
serve --name alpha --constraint node.role==manager --detach
serve --name beta --constraint node.role==worker
