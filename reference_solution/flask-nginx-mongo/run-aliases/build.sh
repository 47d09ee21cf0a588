#!/bin/sh
# The containers have names of their own; network aliases are the DNS names.
set -eu

starter=../../../exercises/flask-nginx-mongo/nginx_flask_mongodb
docker build -q -t lab/flask-app "$starter/flask-app"
docker build -q -t lab/nginx "$starter/nginx"

docker network create public-net-1
docker network create private-net-1

docker run -d --name store --network private-net-1 --network-alias mongo mongo:7

docker run -d --name site --network public-net-1 --network-alias flask-app lab/flask-app
docker network connect private-net-1 site

docker run -d --name door --network public-net-1 -p 8080:80 lab/nginx
