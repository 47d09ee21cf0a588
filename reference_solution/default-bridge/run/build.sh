#!/bin/sh
# Two containers, not a word about networks.
set -eu

docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 alpine ash
