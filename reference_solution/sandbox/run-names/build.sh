#!/bin/sh
# docker run --network container:; internal networks leave the default route to the third one.
set -eu

docker network create --internal depot
docker network create --internal lounge
docker network create uplink

docker run -d --name web --network lounge nginx
docker run -d --name helper --network container:web busybox httpd -f -p 8080

docker run -d --name hub --network uplink alpine sleep infinity
docker network connect depot hub
docker network connect lounge hub
