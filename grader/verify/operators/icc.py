"""A bridge forbids its containers to talk to one another."""

from collections.abc import Iterator

from grader.verify import edits
from grader.verify.mutant import Mutant, Stage


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Switch icc off on each network that carries a connection which the rubric wants."""
    edges = {(one, other) for one, other, _ in stage.wants.edges} | stage.wants.pings
    pairs = [(stage.actor(one), stage.actor(other)) for one, other in sorted(edges)]
    carrying: dict[str, set[tuple[str, str]]] = {}
    for one, other in pairs:
        shared = stage.scene.shared_networks(one, other) if one and other else ()
        if one and other and one.spot != other.spot and len(shared) == 1 and shared[0].driver == "bridge":
            carrying.setdefault(shared[0].name, set()).add((one.role, other.role))
    for network, carried in sorted(carrying.items()):
        found = next(filter(None, (stage.world.network(host, network) for host in stage.world.snapshots)))
        off = {**found.options, "com.docker.network.bridge.enable_icc": "false"}
        own = stage.checks(
            lambda check, carried=carried: bool(  # type: ignore[misc]  # each its own set
                {(a, b) for a, b, _ in check.wants().edges} & carried
            )
        )
        yield Mutant(
            "icc",
            f"{network} forbids traffic between its containers",
            edits.network(stage.world, network, options=off),
            own,
            frozenset(role for pair in carried for role in pair) | stage.residents(network),
            (network, "forbids"),
        )
