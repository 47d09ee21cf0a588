#!/bin/sh
# Compose: two services share an alias.
set -eu

docker compose up -d
