#!/bin/sh
# The containers have names of their own; their hostnames are the DNS names.
set -eu

starter=../../../exercises/flask-nginx-mongo/nginx_flask_mongodb
docker build -q -t lab/flask-app "$starter/flask-app"
docker build -q -t lab/nginx "$starter/nginx"

docker network create public-net-1
docker network create private-net-1

docker run -d --name database --hostname mongo --network private-net-1 mongo:7

docker run -d --name backend --hostname flask-app --network public-net-1 lab/flask-app
docker network connect private-net-1 backend

docker run -d --name frontend --network public-net-1 -p 8080:80 lab/nginx
