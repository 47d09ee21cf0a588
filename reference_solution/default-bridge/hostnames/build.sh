#!/bin/sh
# Hostnames of their own: each knows its own one only.
set -eu

docker run -d --name north --hostname north-pole alpine sleep infinity
docker run -d --name south --hostname south-pole --network bridge alpine sleep infinity
