#!/bin/sh
# Compose: the service names are the DNS names, the networks keep their names through name:.
set -eu

starter=../../../exercises/flask-nginx-mongo/nginx_flask_mongodb
docker build -q -t lab/flask-app "$starter/flask-app"
docker build -q -t lab/nginx "$starter/nginx"

docker compose up -d
