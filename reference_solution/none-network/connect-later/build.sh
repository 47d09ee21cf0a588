#!/bin/sh
# Shop and visitor begin on the default bridge and move; the shop's alias is its DNS name.
set -eu

docker run -d --name store nginx
docker run -d --name guest busybox sleep infinity
docker run -d --name monk --network none alpine sleep infinity

docker network create street
docker network connect --alias shop street store
docker network disconnect bridge store
docker network connect street guest
docker network disconnect bridge guest
