#!/bin/sh
# Compose: network_mode keeps it from making a network of its own.
set -eu

docker compose up -d
