#!/bin/sh
# docker run; the two web servers share a network alias.
set -eu

docker network create names-net

docker run -d --name web1 --network names-net --network-alias web nginx:stable
docker run -d --name web2 --network names-net --network-alias web nginx:stable

docker run -dit --name client --network names-net --add-host printer:192.0.2.10 alpine ash
docker run -dit --name office --network names-net --dns 192.0.2.53 --dns-search office.example alpine ash
docker run -dit --name outsider alpine ash
