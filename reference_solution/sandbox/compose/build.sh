#!/bin/sh
# Compose: network_mode service: for the helper, internal networks.
set -eu

docker compose up -d
