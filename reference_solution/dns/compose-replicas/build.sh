#!/bin/sh
# Compose: two replicas of the service web answer to its name.
set -eu

docker compose up -d
