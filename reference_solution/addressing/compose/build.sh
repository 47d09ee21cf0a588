#!/bin/sh
# Compose brings up office-net and both containers; the second network is joined by hand.
set -eu

docker compose up -d
docker network create --subnet 10.40.0.0/16 store-net
docker network connect store-net "$(docker compose ps -q printer)"
