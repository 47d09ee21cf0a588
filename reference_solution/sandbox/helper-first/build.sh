#!/bin/sh
# The sandbox is begun by the helper, and web joins it: a sandbox is shared both ways.
set -eu

for net in depot lounge; do docker network create --internal $net; done
docker network create --subnet 10.50.0.0/24 uplink

docker run -d --name side --network lounge busybox httpd -f -p 8080
docker run -d --name front --network container:side nginx:stable

docker create --name middle --network depot alpine sleep infinity
docker network connect lounge middle
docker network connect uplink middle
docker start middle
