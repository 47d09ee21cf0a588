#!/bin/sh
# Compose: two replicas of one service are two containers.
set -eu

docker compose up -d
