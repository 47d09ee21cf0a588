#!/bin/sh
# The container name of one web server and the hostname of the other are the shared name; labels say who is who.
set -eu

docker network create names-net

docker run -d --name web --network names-net nginx:stable
docker run -d --name spare --hostname web --network names-net nginx:stable

docker run -d --name ann --label grade.role=client --network names-net --add-host printer:192.0.2.10 busybox sleep infinity
docker run -d --name bea --label grade.role=office --network names-net --dns 192.0.2.53 --dns-search office.example \
    alpine sleep infinity
docker run -d --name cyd --label grade.role=outsider --network bridge alpine sleep infinity
