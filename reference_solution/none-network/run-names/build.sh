#!/bin/sh
# docker run; the container's name is the DNS name.
set -eu

docker network create street

docker run -d --name shop --network street nginx
docker run -d --name visitor --network street busybox sleep infinity
docker run -d --name hermit --network none alpine sleep infinity
