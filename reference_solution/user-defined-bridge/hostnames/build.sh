#!/bin/sh
# Other container names; hostnames are the DNS names, labels say who is who.
set -eu

docker network create --subnet 10.44.0.0/24 alpine-net

docker run -d --name zoe --label grade.role=alpine1 --hostname alpine1 --network alpine-net alpine sleep infinity
docker run -d --name yan --label grade.role=alpine2 --hostname alpine2 --network alpine-net alpine sleep infinity
docker run -d --name xia --label grade.role=alpine3 --hostname alpine3 busybox sleep infinity
docker run -d --name wim --label grade.role=alpine4 --hostname alpine4 --network alpine-net alpine sleep infinity
docker network connect bridge wim
