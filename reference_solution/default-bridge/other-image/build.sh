#!/bin/sh
# Other images: labels say who is who.
set -eu

docker run -d --name web --label grade.role=first nginx:stable
docker run -d --name box --label grade.role=second busybox sleep infinity
