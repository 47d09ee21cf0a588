#!/bin/sh
# Begun on store-net; office-net is joined later, with its address, and carries the default route all the same.
set -eu

docker network create --subnet 10.40.0.0/16 --gateway 10.40.255.254 store-net
docker run -d --name laser --hostname printer --network store-net nginx:stable
docker run -d --name table busybox sleep infinity

docker network create -d bridge --subnet 10.30.0.0/24 --gateway 10.30.0.254 office-net
docker network connect office-net table
docker network connect --ip 10.30.0.20 office-net laser
