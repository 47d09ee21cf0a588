#!/bin/sh
# The starter with two networks; a service without `networks:` stays on the one that Compose makes.
set -eu

docker compose up -d
