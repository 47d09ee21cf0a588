"""Who asks whom: the arrows of a picture, from the checks that speak of a source and a target."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from grader.checks.any_of import AnyOfCheck
from grader.checks.base import Check
from grader.checks.dns import DnsCheck
from grader.checks.http import HttpCheck
from grader.checks.isolated import IsolatedCheck
from grader.checks.nested import Nesting
from grader.checks.reaches import ReachesCheck
from grader.checks.resolves import ResolvesCheck
from grader.checks.unreachable import UnreachableCheck
from grader.judging.matrix import judge_matrix
from grader.judging.scene import Scene
from grader.models.report import CheckResult, Status
from grader.models.topology import Flow, FlowMark


def asked_for(checks: Iterable[Check]) -> Iterator[Flow]:
    """Yield every way that is to be open or shut, in the checks' order."""
    yield from _without_echoes([flow for check in checks for flow in _of(check)])


def judged(checks: Iterable[Check], scene: Scene, results: Sequence[CheckResult]) -> Iterator[Flow]:
    """Yield the same ways, each marked with what became of it; what was taken back says nothing of a build."""
    statuses = {result.id: result.status for result in results}
    counting = [check for check in checks if not check.void]
    seen = [flow for check in counting for flow in _seen(check, statuses[check.id], scene)]
    yield from (_from_nobody(flow, scene) for flow in _without_echoes(seen))


def _from_nobody(flow: Flow, scene: Scene) -> Flow:
    """Return the flow; one that is not shut for want of somebody at its ends is missing, for nothing gets through."""
    ends = [scene.role(role).actors for role in (flow.source, flow.target) if role in scene.cast]
    at_work = all(any(actor.container.state == "running" for actor in actors) for actors in ends)
    return flow if at_work or flow.mark != "wrong" else flow.model_copy(update={"mark": "missing"})


def _of(check: Check) -> Iterator[Flow]:
    match check:
        case ReachesCheck():
            yield _way(check.source, check.target, check.port)
        case UnreachableCheck():
            yield _way(check.source, check.target, check.port, shut=True)
        case ResolvesCheck():
            for target in check.targets:
                yield Flow(source=check.source, target=target, kind="name", what=check.name)
        case DnsCheck():
            for target in check.strangers:
                yield Flow(source=check.role, target=target, kind="name", what="any name", shut=True)
        case HttpCheck():
            yield from _page(check)
        case IsolatedCheck():
            for edge in check.edges():
                yield _way(edge.source, edge.target, edge.port, shut=not edge.is_open)
        case AnyOfCheck():
            yield from _of(check.of[0])
        case Nesting():
            for each in check.of:
                yield from _of(each)
        case _:
            pass  # the other kinds look at one end alone


def _way(source: str, target: str, port: int | None, *, shut: bool = False) -> Flow:
    kind = "ping" if port is None else "port"
    return Flow(source=source, target=target, kind=kind, what="ping" if port is None else str(port), shut=shut)


def _page(check: HttpCheck) -> Iterator[Flow]:
    """Yield who asks for the page, and the chain behind it, which is only drawn where no other check draws it."""
    if check.source and check.source != check.role:
        yield Flow(source=check.source, target=check.role, kind="page", what=f"{check.port}{check.path}")
    stations = [check.role, *(step.role for step in check.through)]
    for source, step in zip(stations, check.through, strict=False):
        yield Flow(source=source, target=step.role, kind="chain", what=str(step.port))


def _without_echoes(flows: Sequence[Flow]) -> Iterator[Flow]:
    """Yield each way once, and links of a chain only where nobody else speaks of the two."""
    told = {(flow.source, flow.target) for flow in flows if flow.kind != "chain"}
    once: dict[tuple[str, str, str, str, bool], Flow] = {}
    for flow in flows:
        if flow.kind != "chain" or (flow.source, flow.target) not in told:
            once.setdefault((flow.source, flow.target, flow.kind, flow.what, flow.shut), flow)
    yield from once.values()


def _seen(check: Check, status: Status, scene: Scene) -> Iterator[Flow]:
    """Yield a check's ways; where it holds several, those that failed are told from those that did not."""
    if isinstance(check, IsolatedCheck) and status == "failed":
        yield from _matrix(check, scene)
    elif isinstance(check, DnsCheck) and status == "failed":
        outcomes = {part.expected: part.outcome for part in check.verdict(scene)}
        yield from (_marked(flow, outcomes.get(check.apart(flow.target), "failed")) for flow in _of(check))
    elif isinstance(check, AnyOfCheck) and status in ("passed", "failed"):
        yield from _nested(_best(check, scene), scene)
    elif isinstance(check, Nesting) and status == "failed":
        for each in check.of:
            yield from _nested(each, scene)
    else:
        yield from (_marked(flow, status) for flow in _of(check))


def _matrix(check: IsolatedCheck, scene: Scene) -> Iterator[Flow]:
    edges = check.edges()
    outcomes: Mapping[str, Status] = {part.expected: part.outcome for part in judge_matrix(scene, edges)}
    for edge in edges:
        flow = _way(edge.source, edge.target, edge.port, shut=not edge.is_open)
        yield _marked(flow, outcomes.get(edge.wanted, "error"))


def _nested(check: Check, scene: Scene) -> Iterator[Flow]:
    yield from _seen(check, _status(check, scene), scene)


def _status(check: Check, scene: Scene) -> Status:
    outcomes = {part.outcome for part in check.verdict(scene)}
    return "failed" if "failed" in outcomes else "error" if "error" in outcomes else "passed"


def _best(check: AnyOfCheck, scene: Scene) -> Check:
    """Return the alternative that was taken, or the first."""
    return next((each for each in check.of if _status(each, scene) == "passed"), check.of[0])


def _marked(flow: Flow, status: Status) -> Flow:
    broken: FlowMark = "wrong" if flow.shut else "missing"
    marks: dict[Status, FlowMark] = {"passed": "right", "failed": broken, "skipped": "unknown", "error": "unknown"}
    return flow.model_copy(update={"mark": marks[status]})
