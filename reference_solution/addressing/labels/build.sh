#!/bin/sh
# Other images, told apart by labels; fixed addresses for everybody.
set -eu

docker network create --subnet 10.40.0.0/16 store-net
docker network create --subnet 10.30.0.0/24 --gateway 10.30.0.254 office-net

docker run -d --label grade.role=desk --network office-net --ip 10.30.0.21 alpine sleep infinity
docker create --name p1 --label grade.role=printer -h printer --network office-net --ip 10.30.0.20 nginx:alpine
docker start p1
docker network connect --ip 10.40.7.7 store-net p1
