#!/usr/bin/env bash
# The flagship's facts checked with the docker command: what `grade` is measured against.
#
# One inspect or exec a fact, two seconds for what must not answer. Exit code: 0 all hold, 1 some do not.
# It knows the container names beforehand, asks IPv4 only, and needs bash in nginx and Python in the app.
set -u

failures=0

fact() { # WORDS COMMAND…: the fact holds if the command succeeds
    local words=$1
    shift
    if "$@" >/dev/null 2>&1; then
        printf 'ok      %s\n' "$words"
    else
        printf 'not ok  %s\n' "$words"
        failures=$((failures + 1))
    fi
}

is_bridge() { # NETWORK
    [ "$(docker network inspect --format '{{.Driver}}' "$1")" = bridge ]
}

address_on() { # CONTAINER NETWORK: print the address, nothing if it is not attached
    docker inspect --format "{{with index .NetworkSettings.Networks \"$2\"}}{{.IPAddress}}{{end}}" "$1"
}

addresses_of() { # CONTAINER: print the addresses on all its networks
    docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$1"
}

is_on() { # CONTAINER NETWORK
    [ -n "$(address_on "$1" "$2")" ]
}

is_not_on() { # CONTAINER NETWORK: an inspect that fails proves nothing
    local networks
    networks=$(docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' "$1") &&
        [[ " $networks" != *" $2 "* ]]
}

is_made_from() { # CONTAINER IMAGE, with any tag
    local image
    image=$(docker inspect --format '{{.Config.Image}}' "$1")
    [ "${image%%:*}" = "$2" ]
}

finds() { # CONTAINER NAME ADDRESSES: the name leads to some of the addresses and to no other
    local answers answer
    answers=$(docker exec "$1" getent ahostsv4 "$2" | awk '{print $1}' | sort -u)
    for answer in $answers; do
        [[ " $3" == *" $answer "* ]] || return 1
    done
    [ -n "$answers" ]
}

bash_connects() { # CONTAINER ADDRESS PORT
    docker exec "$1" timeout 2 bash -c "exec 3<>/dev/tcp/$2/$3"
}

python_connects() { # CONTAINER ADDRESS PORT
    docker exec "$1" python3 -c "import socket; socket.create_connection(('$2', $3), 2)"
}

nginx_cannot_reach_mongo() { # on no address; 124 is what timeout ends with when its time is over
    local address
    for address in $mongo_addresses; do
        bash_connects nginx "$address" 27017
        [ $? -eq 124 ] || return 1
    done
    [ -n "$mongo_addresses" ]
}

mongo_is_not_published() {
    [ -z "$(docker port mongo)" ]
}

nginx_is_published() {
    [ -n "$(docker port nginx 80/tcp)" ]
}

page_works() {
    local request='exec 3<>/dev/tcp/127.0.0.1/80; printf "GET / HTTP/1.0\r\n\r\n" >&3; head -n 1 <&3'
    [[ $(docker exec nginx timeout 5 bash -c "$request") == *" 200 "* ]]
}

flask_addresses=$(addresses_of flask-app)
mongo_addresses=$(addresses_of mongo)

for name in public-net-1 private-net-1; do
    fact "$name is a bridge network" is_bridge "$name"
done
fact "nginx is on public-net-1" is_on nginx public-net-1
fact "nginx is not on private-net-1" is_not_on nginx private-net-1
fact "flask-app is on public-net-1" is_on flask-app public-net-1
fact "flask-app is on private-net-1" is_on flask-app private-net-1
fact "mongo is on private-net-1" is_on mongo private-net-1
fact "mongo is not on public-net-1" is_not_on mongo public-net-1
fact "mongo was made from the image mongo" is_made_from mongo mongo
fact "nginx finds flask-app" finds nginx flask-app "$flask_addresses"
fact "flask-app finds mongo" finds flask-app mongo "$mongo_addresses"
fact "nginx reaches flask-app on port 9090" bash_connects nginx "$(address_on flask-app public-net-1)" 9090
fact "flask-app reaches mongo on port 27017" python_connects flask-app "$(address_on mongo private-net-1)" 27017
fact "nginx cannot reach mongo on port 27017" nginx_cannot_reach_mongo
fact "no port of mongo is published" mongo_is_not_published
fact "port 80 of nginx is published" nginx_is_published
fact "the page works" page_works

[ "$failures" -eq 0 ]
