#!/bin/sh
# Compose: the service names are the DNS names. It puts no container on the default bridge beside a network of its own,
# so the last step is by hand.
set -eu

docker compose up -d
docker network connect bridge "$(docker compose ps -q alpine4)"
