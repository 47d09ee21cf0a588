#!/bin/sh
# The private network is an internal one: it has no way out of the host.
set -eu

starter=../../../exercises/flask-nginx-mongo/nginx_flask_mongodb
docker build -q -t lab/flask-app "$starter/flask-app"
docker build -q -t lab/nginx "$starter/nginx"

docker network create public-net-1
docker network create --internal private-net-1

docker run -d --name mongo --network private-net-1 mongo:7

docker run -d --name flask-app --network public-net-1 lab/flask-app
docker network connect private-net-1 flask-app

docker run -d --name nginx --network public-net-1 -p 8080:80 lab/nginx
