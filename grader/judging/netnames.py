"""Which of the engine's networks stands for one that the rubric names."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.models.snapshot import Container, Listed, Network

PREDEFINED = frozenset({"bridge", "host", "none", "ingress", "docker_gwbridge"})
"""Networks that Docker makes itself."""
_AT_WORK = 10_000


@dataclass(frozen=True, slots=True)
class NetworkMatch:
    """The network that stands for `wanted`; `slip` says in words how its name is wrong, None if it is right."""

    wanted: str
    network: Network | None = None
    slip: str | None = None
    twins: int = 0
    """How many more networks carry exactly this name (engine 20.10 allows that)."""
    spare: bool = False
    """Whether one of exactly this name is there as well, with nobody on it."""


def crowd(containers: Iterable[Container | Listed]) -> Counter[str]:
    """Return how busy each network is: one that runs there counts for more than all that do not."""
    found: Counter[str] = Counter()
    for each in containers:
        names = each.networks if isinstance(each, Listed) else [endpoint.network for endpoint in each.endpoints]
        found.update(dict.fromkeys(names, _AT_WORK if each.state in ("running", "paused", "restarting") else 1))
    return found


def match_all(
    wanted: Collection[str], networks: Sequence[Network], busy: Mapping[str, int] | None = None
) -> dict[str, NetworkMatch]:
    """Return for each network that a rubric names the one that stands for it; `busy` tells how many are on each.

    Whoever makes networks by hand and then lets compose make its own has both, and works on the latter. So where nobody
    is on any network of the right name, near ones that are in use come first.
    """
    deserted = not any((busy or {}).get(network.name) for network in networks if network.name in wanted)
    return {name: match(name, networks, set(wanted) - {name}, busy, deserted=deserted) for name in wanted}


def match(
    wanted: str,
    networks: Sequence[Network],
    others: Collection[str],
    busy: Mapping[str, int] | None = None,
    *,
    deserted: bool = False,
) -> NetworkMatch:
    """Return the network called `wanted`, or the nearest whose name is only a slip away.

    `others` are the names that the rubric uses elsewhere: such a network never stands in. Of several that are equally
    near, the one in use does, not what an earlier attempt has left. It comes before one of the right name where those
    are all `deserted`.
    """
    same = [network for network in networks if network.name == wanted]
    near = _nearest(wanted, networks, {wanted, *others}, busy or {})
    if same and not (deserted and near.network and (busy or {}).get(near.network.name)):
        return NetworkMatch(wanted, same[0], twins=len(same) - 1)
    return replace(near, spare=bool(same))


def _nearest(
    wanted: str, networks: Iterable[Network], others: Collection[str], busy: Mapping[str, int]
) -> NetworkMatch:
    slips = [
        (rank, -busy.get(network.name, 0), network.name, network, slip)
        for network in networks
        if network.name not in PREDEFINED and network.name not in others
        for rank, slip in [_slip(wanted, network.name)]
        if slip
    ]
    if not slips:
        return NetworkMatch(wanted)
    *_, network, slip = min(slips, key=lambda each: each[:3])
    return NetworkMatch(wanted, network, slip)


def _slip(wanted: str, actual: str) -> tuple[int, str]:
    if actual.lower() == wanted.lower():
        return 0, "differs in upper and lower case"
    if re.fullmatch(rf"[a-z0-9][a-z0-9_-]*[_-]{re.escape(wanted)}", actual):
        return 1, "has a prefix"
    if _plain(actual) == _plain(wanted):
        return 2, "is punctuated differently"
    if _one_edit_apart(wanted, actual):
        return 3, "has one letter wrong"
    return 9, ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _one_edit_apart(left: str, right: str) -> bool:
    """Return whether one insertion, deletion, replacement or swap of neighbours turns left into right."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
