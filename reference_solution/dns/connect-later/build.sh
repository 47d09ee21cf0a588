#!/bin/sh
# Everything begins on the default bridge; all but the outsider move.
set -eu

docker run -d --name north nginx:stable
docker run -d --name south nginx:stable
docker run -d --name client --add-host printer:192.0.2.10 alpine sleep infinity
docker run -d --name office --dns 192.0.2.53 --dns-search office.example alpine sleep infinity
docker run -d --name outsider alpine sleep infinity

docker network create names-net
for box in north south; do
    docker network connect --alias web names-net "$box"
    docker network disconnect bridge "$box"
done
for box in client office; do
    docker network connect names-net "$box"
    docker network disconnect bridge "$box"
done
