#!/bin/sh
# Compose: network_mode none for the hermit, a network that keeps its name for the others.
set -eu

docker compose up -d
