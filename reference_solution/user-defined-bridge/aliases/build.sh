#!/bin/sh
# Other container names; network aliases are the DNS names.
set -eu

docker network create alpine-net

docker run -d --name ada --network alpine-net --network-alias alpine1 alpine sleep infinity
docker run -d --name bob --network alpine-net --network-alias alpine2 alpine sleep infinity
docker run -d --name cleo alpine sleep infinity

docker run -d --name dan alpine sleep infinity
docker network connect --alias alpine4 alpine-net dan
