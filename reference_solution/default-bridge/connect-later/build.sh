#!/bin/sh
# Made elsewhere, moved to the default bridge. Docker's resolver goes when the container starts again.
set -eu

docker network create elsewhere
docker run -d --name one --network elsewhere alpine sleep infinity
docker network disconnect elsewhere one
docker network connect bridge one
docker restart -t 0 one
docker network rm elsewhere

docker create --name two --network none alpine sleep infinity
docker network disconnect none two
docker network connect bridge two
docker start two
