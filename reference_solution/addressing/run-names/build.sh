#!/bin/sh
# docker run on office-net with --ip, the second network joined afterwards.
set -eu

docker network create --subnet 10.30.0.0/24 --gateway 10.30.0.254 office-net
docker network create --subnet 10.40.0.0/16 store-net

docker run -d --name printer --hostname printer --network office-net --ip 10.30.0.20 nginx
docker run -d --name desk --network office-net busybox sleep infinity

docker network connect store-net printer
