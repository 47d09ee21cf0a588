#!/bin/sh
# A network of one's own: what outside can reach is the same.
set -eu

docker build -q -t lab/plain-web ../../../exercises/expose-and-publish/web
docker network create street

docker run -d --name hidden --network street --expose 8080 lab/plain-web
docker run -d --name chosen --network street -p 8081:8080 lab/plain-web
docker run -d --name local --network street -p 127.0.0.1:8082:8080 lab/plain-web
docker run -d --name random --network street --expose 8080 -P lab/plain-web
