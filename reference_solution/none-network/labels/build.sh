#!/bin/sh
# Other images for hermit and visitor; labels say who is who.
set -eu

docker network create -d bridge street

docker run -d --hostname shop --network street -p 8080:80 nginx:alpine
docker run -d --label grade.role=visitor --network street alpine sleep infinity
docker run -d --label grade.role=hermit --network none busybox sleep infinity
