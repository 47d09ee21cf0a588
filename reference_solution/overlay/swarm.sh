# Read by each build.sh: the two engines as commands, and the swarm that they form.
# MANAGER and WORKER are what DOCKER_HOST would be for each; ADDRESS is needed where the manager has several.

manager() { DOCKER_HOST=$MANAGER docker "$@"; }
worker() { DOCKER_HOST=$WORKER docker "$@"; }

manager swarm init ${ADDRESS:+--advertise-addr "$ADDRESS"}
worker swarm join --token "$(manager swarm join-token --quiet worker)" \
    "$(manager info --format '{{.Swarm.NodeAddr}}'):2377"
