#!/bin/sh
# Compose: the container names are the DNS names; a volume and one more service take no mark away.
set -eu

starter=../../../exercises/flask-nginx-mongo/nginx_flask_mongodb
docker build -q -t lab/flask-app "$starter/flask-app"
docker build -q -t lab/nginx "$starter/nginx"

docker compose up -d
