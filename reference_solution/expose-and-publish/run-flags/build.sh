#!/bin/sh
# The starter's image declares nothing: --expose does it for one container, -p needs no declaration.
set -eu

docker build -q -t lab/plain-web ../../../exercises/expose-and-publish/web

docker run -d --name hidden --expose 8080 lab/plain-web
docker run -d --name chosen -p 0.0.0.0:8081:8080 lab/plain-web
docker run -d --name local -p 127.0.0.1:8082:8080 lab/plain-web
docker run -d --name random -p 8080 lab/plain-web
