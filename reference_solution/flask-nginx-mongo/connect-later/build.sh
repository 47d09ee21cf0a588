#!/bin/sh
# Everything begins on the default bridge and moves to its networks afterwards.
set -eu

starter=../../../exercises/flask-nginx-mongo/nginx_flask_mongodb
docker build -q -t lab/flask-app "$starter/flask-app"
docker build -q -t lab/nginx "$starter/nginx"

docker run -d --name db mongo:7
docker run -d --name api lab/flask-app

docker network create public-net-1
docker network create private-net-1

docker network connect --alias mongo private-net-1 db
docker network disconnect bridge db

docker network connect --alias flask-app public-net-1 api
docker network connect private-net-1 api
docker network disconnect bridge api

# nginx looks flask-app up when it starts, so it has to be on public-net-1 before that.
docker create --name web -p 8080:80 lab/nginx
docker network connect public-net-1 web
docker network disconnect bridge web
docker start web
