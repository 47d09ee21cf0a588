"""Which containers are worth a look, and what to ask in each sandbox.

Roles are decided after probing, so every candidate is asked everything that any role may need:
another `--role`, or a rubric with a corrected port or name, is then judged without the engine.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.judging import imageref, netnames
from grader.judging.questions import ProbePlan, questions
from grader.models.evidence import Evidence
from grader.models.probe import HOST, Lookup
from grader.models.snapshot import Listed, Network, Snapshot, is_called
from grader.rubric.model import Role, Rubric

_FEW = 8
"""Where no more containers exist than these, all are candidates."""
_PER_ROLE = 8
_THOROUGHLY = 24
"""Candidates of a role that nobody of the first ones plays."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The containers to inspect, and how many plausible ones the bound left out."""

    ids: tuple[str, ...]
    left_out: int = 0


def choose(
    rubric: Rubric,
    listed: Sequence[Listed],
    networks: Sequence[Network],
    wishes: Mapping[str, str],
    *,
    thoroughly: bool = False,
) -> Choice:
    """Return the containers of a listing that some sign makes plausible for some role.

    What a container listens on is in no listing. So a role that is known by its port, and of which nobody at home on
    the rubric's networks tells, gets others too: first who shares networks, as a build does. A second look, where the
    first found nobody for such a role, is taken `thoroughly`.
    """
    most = _THOROUGHLY if thoroughly else _PER_ROLE
    youngest = sorted(listed, key=lambda each: (each.state != "running", -each.created_at, each.id))
    if len(youngest) <= _FEW:
        return Choice(tuple(each.id for each in youngest))
    matches = netnames.match_all(rubric.wants.networks, networks, netnames.crowd(listed))
    called = {match.network.name: wanted for wanted, match in matches.items() if match.network}
    ranks = {
        name: {each.id: _plausible(rubric, called, wishes, name, role, each) for each in youngest}
        for name, role in rubric.roles.items()
    }
    sociable = sorted(youngest, key=lambda each: -len({*each.networks} - netnames.PREDEFINED))
    chosen: dict[str, None] = {}
    left_out: set[str] = set()
    for name, role in rubric.roles.items():
        known = ranks[name]
        plausible = sorted((each for each in youngest if known[each.id]), key=lambda each: -known[each.id])
        told = [each for each in plausible if known[each.id] > 1]
        is_settled = any(each.state == "running" and called.keys() & {*each.networks} for each in told)
        others = [each for each in sociable if not known[each.id] and each.state == "running"]
        picked = plausible if is_settled or (told and not role.listens) else [*plausible, *others]
        chosen |= dict.fromkeys(each.id for each in picked[:most])
        left_out |= {each.id for each in plausible[most:]}
    chosen |= _guests(youngest, chosen, most)
    return Choice(tuple(chosen), len(left_out - set(chosen)))


def _guests(listed: Sequence[Listed], owners: Collection[str], most: int) -> dict[str, None]:
    """Return those who live in the sandboxes of others: a listing shows no network of theirs and no port."""
    found = (each.id for each in listed if each.mode.partition("container:")[2] in owners)
    return dict.fromkeys([*found][:most])


def _plausible(
    rubric: Rubric, called: Mapping[str, str], wishes: Mapping[str, str], name: str, role: Role, each: Listed
) -> int:
    """Return 0 for no sign, 1 for a network of the rubric's, more for what tells of this very role."""
    named = is_called(each, wishes.get(name, "")) or each.labels.get("grade.role") == name
    joined = {called[network] for network in each.networks if network in called}
    own = rubric.wants.networks_of(name)
    signs = (
        role.image is not None and imageref.parse(each.image).satisfies(imageref.parse(role.image)),
        role.listens in each.ports,
        each.labels.get("com.docker.compose.service") == name,
        bool(
            {name, role.called, *rubric.wants.names_of(name)} & {each.name, *re.split(r"[^a-z0-9]+", each.name.lower())}
        ),
        len(own) > 1 and own.issubset(joined),
        any((name, network) in rubric.wants.modes for network in each.networks),
    )
    # Who else lives on the host's network, or has its port, may be taken for the role from outside.
    rival = name in rubric.wants.outside and (HOST in each.networks or bool(rubric.wants.ports & {*each.host_ports}))
    return 100 * named + 2 * sum(signs) + (bool(joined) or rival)


def plan(rubric: Rubric, snapshots: Mapping[str, Snapshot]) -> dict[str, ProbePlan]:
    """Return what to ask on each engine, by source and without repetition; a shared sandbox is asked once.

    It is more than this rubric needs, so that a corrected one can be judged by the same evidence.
    """
    return questions(rubric.wants, snapshots, host_too="ipv6" in rubric.requires, every_name=True)


def unasked(rubric: Rubric, evidence: Evidence) -> int:
    """Return how many questions the rubric would ask that the evidence does not answer.

    One control is enough: the short ids are asked for beside the names.
    """
    missing = 0
    snapshots = {name: host.snapshot for name, host in evidence.hosts.items()}
    plans = questions(rubric.wants, snapshots, host_too="ipv6" in rubric.requires)
    for name, host in evidence.hosts.items():
        controls = {Lookup(name=container.short_id) for container in host.snapshot.containers}
        answered = {seen.source: {asked.question for asked in seen.asked} for seen in host.observations}
        for source, asked in plans[name].items():
            missing += len(set(asked) - answered.get(source, set()) - controls)
    return missing
