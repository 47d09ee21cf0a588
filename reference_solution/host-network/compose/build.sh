#!/bin/sh
# Compose: network_mode takes the place of networks and ports.
set -eu

docker compose up -d
