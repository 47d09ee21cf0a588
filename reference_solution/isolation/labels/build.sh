#!/bin/sh
# The web server and the app meet on the default bridge; one image for all, told apart by labels.
set -eu

docker network create vault
docker run -d --label grade.role=db --network vault busybox httpd -f -p 3306
docker run -d --label grade.role=bastion --network vault busybox httpd -f -p 22

docker create --name site --label grade.role=app busybox httpd -f -p 9000
docker network connect vault site
docker start site

docker run -d --label grade.role=web -p 80 busybox httpd -f -p 80
