#!/bin/sh
# The starter's single network, mended while everything runs: one network more, and everybody moved.
set -eu

docker network create lab
docker run -d --name db --network lab busybox httpd -f -p 3306
docker run -d --name bastion --network lab busybox httpd -f -p 22
docker run -d --name app --network lab busybox httpd -f -p 9000
docker run -d --name web --network lab -p 8080:80 nginx:alpine

docker network create inner
for inside in db bastion app; do docker network connect inner "$inside"; done
for gone in db bastion; do docker network disconnect lab "$gone"; done
