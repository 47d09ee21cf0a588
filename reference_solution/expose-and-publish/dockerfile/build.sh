#!/bin/sh
# The image declares its port, so -P knows what to publish.
set -eu

docker build -q -t lab/web -f Dockerfile ../../../exercises/expose-and-publish/web

docker run -d --name hidden lab/web
docker run -d --name chosen -p 8081:8080 lab/web
docker run -d --name local -p 127.0.0.1:8082:8080 lab/web
docker run -d --name random -P lab/web
