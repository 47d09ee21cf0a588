#!/bin/sh
# Compose: expose declares, ports publishes.
set -eu

docker build -q -t lab/plain-web ../../../exercises/expose-and-publish/web
docker compose up -d
