#!/bin/sh
# Any server on port 8080 will do, under any name: the label tells which container is which.
set -eu

serve() { docker run -d "$@" python:3.13-slim python -m http.server 8080; }

serve --name quiet --label grade.role=hidden --expose 8080
serve --name open --label grade.role=chosen -p 8081:8080
serve --name near --label grade.role=local -p 127.0.0.1:8082:8080
serve --name any --label grade.role=random --expose 8080 -P
