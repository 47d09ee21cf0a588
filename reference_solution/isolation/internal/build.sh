#!/bin/sh
# Three networks, of which the inner two are internal: from there no way leads out of the host either.
set -eu

docker network create edge
docker network create --internal data
docker network create --internal admin

docker create --name db --network data busybox httpd -f -p 3306
docker network connect admin db

docker create --name app --network edge busybox httpd -f -p 9000
docker network connect data app
docker network connect admin app

docker start db app
docker run -d --name bastion --network admin busybox httpd -f -p 22
docker run -d --name web --network edge -p 127.0.0.1:8080:80 nginx:alpine
