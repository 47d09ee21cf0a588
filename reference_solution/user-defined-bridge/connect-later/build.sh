#!/bin/sh
# All begin on the default bridge and move from there.
set -eu

for number in 1 2 3 4; do
    docker run -d --name "alpine$number" alpine sleep infinity
done

docker network create alpine-net
for number in 1 2 4; do
    docker network connect alpine-net "alpine$number"
done
docker network disconnect bridge alpine1
docker network disconnect bridge alpine2
