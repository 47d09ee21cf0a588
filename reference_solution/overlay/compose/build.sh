#!/bin/sh
# Compose on each engine, each with its own part of one file; the network is there before.
set -eu
. ../swarm.sh

manager network create --driver overlay --attachable wide-net

manager compose up -d alpha

# Many a Compose looks for an external network first, and a worker knows it only while somebody there is on it.
worker run -d --name opener --network wide-net nginx:alpine
worker compose up -d beta
worker rm -f opener
