#!/bin/sh
# Begun on each engine's default bridge, moved to the overlay under an alias.
set -eu
. ../swarm.sh

manager run -d --name left nginx:alpine
worker run -d --name right nginx:alpine

manager network create --driver overlay --attachable --subnet 10.55.0.0/24 wide-net

manager network connect --alias alpha wide-net left
worker network connect --alias beta wide-net right
manager network disconnect bridge left
worker network disconnect bridge right
