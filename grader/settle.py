"""Whether a look at a build came too early, or saw something that deserves another one."""

from collections.abc import Iterator

from grader.identify import identify
from grader.judging import sandboxes
from grader.judging.netnames import crowd, match_all
from grader.models.evidence import Evidence, HostEvidence
from grader.models.report import Report
from grader.models.snapshot import Container, Snapshot
from grader.rubric.model import Loaded


def starting(loaded: Loaded, evidence: Evidence, report: Report) -> list[str]:
    """Return what is still starting and may yet mend a check that failed: roles, and containers without one."""
    if report.complete and report.score == report.max_score:
        return []
    cast = identify(loaded.rubric, evidence)
    young = {
        role
        for role, match in cast.items()
        if any(_is_starting(actor.container, evidence.hosts[actor.host].snapshot) for actor in match.actors)
    }
    checks = {check.id: check for check in loaded.rubric.checks}
    open_ones = (checks[result.id] for result in report.checks if result.settling)
    waited_for = {role for check in open_ones for role in check.stands_on(loaded.rubric.wants) & young}
    playing = {actor.container.id for match in cast.values() for actor in match.actors}
    return sorted(waited_for | {each.name for each in _silent(loaded, evidence) if each.id not in playing})


def deserves_another_look(evidence: Evidence, report: Report) -> bool:
    """Return whether a sandbox was not seen, or marks hang on a symptom that nothing explains.

    A container may go away between two looks, and a busy machine may keep a page waiting.
    """
    unseen = any(seen.sandbox is None for host in evidence.hosts.values() for seen in host.observations)
    return unseen or any(result.unexplained for result in report.checks)


def _silent(loaded: Loaded, evidence: Evidence) -> Iterator[Container]:
    """Yield the young containers on the rubric's networks that do not listen yet, so that their role is open.

    Where no role is known by its port, listening would change nothing.
    """
    if not any(role.listens for role in loaded.rubric.roles.values()):
        return
    for seen in evidence.hosts.values():
        yield from _silent_on(loaded, seen)


def _silent_on(loaded: Loaded, seen: HostEvidence) -> Iterator[Container]:
    looks = {each.source: each.sandbox for each in seen.observations}
    matches = match_all(loaded.rubric.wants.networks, seen.snapshot.networks, crowd(seen.snapshot.containers)).values()
    wanted = {match.network.name for match in matches if match.network}
    for container in seen.snapshot.containers:
        look = looks.get(sandboxes.source_of(container, seen.snapshot.containers))
        joined = wanted & {endpoint.network for endpoint in container.endpoints}
        if joined and _is_starting(container, seen.snapshot) and (look is None or not sandboxes.listeners_of(look)):
            yield container


def _is_starting(container: Container, snapshot: Snapshot) -> bool:
    return container.state == "restarting" or (container.state == "running" and snapshot.is_young(container))
