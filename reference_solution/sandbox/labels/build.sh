#!/bin/sh
# Other images, told apart by labels; the hub leaves the default bridge, and web is on uplink too.
set -eu

docker network create --internal lounge
docker network create --internal --subnet 10.51.0.0/16 depot
docker network create uplink

web=$(docker run -d --label grade.role=web --network uplink -p 8080:80 nginx:alpine)
docker network connect lounge "$web"
docker run -d --label grade.role=helper --network "container:$web" python:3.13-slim python -m http.server 8080

hub=$(docker run -d --label grade.role=hub busybox sleep infinity)
for net in lounge uplink depot; do docker network connect $net "$hub"; done
docker network disconnect bridge "$hub"
