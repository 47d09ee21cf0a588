#!/bin/sh
# A network for each pair that has to talk: four of them, each with two containers on it.
set -eu

for pair in web-app app-db bastion-app bastion-db; do docker network create "$pair"; done

docker create --name store --network app-db busybox httpd -f -p 3306
docker network connect bastion-db store

docker create --name jump --network bastion-app busybox httpd -f -p 22
docker network connect bastion-db jump

docker create --name shop --network web-app busybox httpd -f -p 9000
docker network connect app-db shop
docker network connect bastion-app shop

docker start store jump shop
docker run -d --name door --network web-app -p 8080:80 nginx:alpine
