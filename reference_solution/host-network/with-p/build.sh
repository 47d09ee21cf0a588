#!/bin/sh
# Docker warns that it discards the published port, and is right.
set -eu

docker run -d --name nginx --network host -p 8080:80 nginx:stable
