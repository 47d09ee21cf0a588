#!/bin/sh
# Two networks: the app stands on both, the bastion beside the database.
set -eu

docker network create front
docker network create back

docker run -d --name db --network back busybox httpd -f -p 3306
docker run -d --name bastion --network back busybox httpd -f -p 22

docker create --name app --network front busybox httpd -f -p 9000
docker network connect back app
docker start app

docker run -d --name web --network front -p 8080:80 nginx:alpine
