"""Rubric and evidence in, report out: a pure function, whenever and wherever it runs."""

import logging
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from grader import __version__
from grader.checks.base import Check
from grader.identify import identify
from grader.judging.ladders import longest
from grader.judging.names import in_words
from grader.judging.scene import RoleMatch, Scene
from grader.judging.verdict import Cause, Part, Passing, Unexplained, share
from grader.models.evidence import Evidence
from grader.models.report import HINTS_ASKED, TAKEN_BACK, CheckResult, HostRef, Report, RoleResult, RubricRef, Status
from grader.requirements import remarks
from grader.rubric.model import Loaded
from grader.signs import mislabelled
from grader.topology import topology, wanted

_log = logging.getLogger(__name__)
_CENT = Decimal("0.01")


def scene_of(loaded: Loaded, evidence: Evidence) -> Scene:
    """Return what was observed, read through the roles of the rubric."""
    return Scene(evidence, loaded.rubric.wants, identify(loaded.rubric, evidence))


def evaluate(loaded: Loaded, evidence: Evidence) -> Report:
    """Return the verdict on what was observed."""
    rubric, scene = loaded.rubric, scene_of(loaded, evidence)
    checks = _told_of_hints(rubric.checks, _results(rubric.checks, scene), evidence.hints)
    score = sum((check.score for check in checks), Decimal(0))
    most = sum((check.max_score for check in checks), Decimal(0))
    complete = not any(check.status == "error" and check.max_score for check in checks)
    return Report(
        exercise=evidence.exercise,
        title=rubric.title,
        rubric=RubricRef(path=loaded.path, sha256=loaded.sha256),
        tool_version=__version__,
        hosts={name: _host(evidence, name) for name in evidence.hosts},
        started_at=evidence.started_at,
        duration_s=evidence.duration_s,
        complete=complete,
        score=score,
        max_score=most,
        percent=float(_percent(score, most)) if complete else None,
        passed=_percent(score, most) >= rubric.pass_mark if complete else None,
        pass_mark=rubric.pass_mark,
        roles={name: _role(scene.role(name)) for name in rubric.roles},
        checks=checks,
        notes=(*_notes(evidence), *mislabelled(rubric, evidence), *remarks(rubric, evidence)),
        topology=topology(rubric, scene, checks),
        target=wanted(rubric),
    )


def _percent(score: Decimal, most: Decimal) -> Decimal:
    return (100 * score / most).quantize(_CENT, ROUND_HALF_UP) if most else Decimal(100)


def _host(evidence: Evidence, name: str) -> HostRef:
    engine = evidence.hosts[name].snapshot.engine
    return HostRef(name=engine.name, engine_version=engine.version, api_version=engine.api_version, engine_id=engine.id)


def _role(match: RoleMatch) -> RoleResult | None:
    if not match.actors:
        return None
    first = match.actors[0]
    name = in_words(actor.container.name for actor in match.actors)
    return RoleResult(host=first.host, container=name, id=first.container.id, because=match.because)


def _notes(evidence: Evidence) -> tuple[str, ...]:
    left_out = sum(host.snapshot.left_out for host in evidence.hosts.values())
    if not left_out:
        return ()
    return (f"{left_out} more containers might have played a role and were not looked at: label yours grade.role",)


def _results(checks: Iterable[Check], scene: Scene) -> tuple[CheckResult, ...]:
    """Judge in an order in which prerequisites come first, report in the rubric's own order."""
    wanted = {check.id: check for check in checks}
    done: dict[str, CheckResult] = {}

    def result(check: Check) -> CheckResult:
        if check.id not in done:
            waits_for = tuple(need for need in check.needs if not wanted[need].void and _barren(result(wanted[need])))
            done[check.id] = _judged_in_turn(check, waits_for, scene)
        return done[check.id]

    return tuple(result(check) for check in wanted.values())


def _judged_in_turn(check: Check, waits_for: tuple[str, ...], scene: Scene) -> CheckResult:
    if check.void:
        return _void(check)
    return _skipped(check, waits_for) if waits_for else _judged(check, scene)


def _barren(result: CheckResult) -> bool:
    """Return whether a prerequisite earned nothing; one in error is our fault and holds nothing back."""
    nothing = not result.score if result.max_score else True
    return result.status == "skipped" or (result.status == "failed" and nothing)


def _judged(check: Check, scene: Scene) -> CheckResult:
    try:
        parts = check.verdict(scene)
    except Exception:  # noqa: BLE001 - a check that crashes must not take the others with it
        _log.exception("the check %s crashed", check.id)
        return _result(check, "error", Decimal(0), (), actual="this check crashed, which is a bug of grade")
    return _weighed(check, parts)


def _weighed(check: Check, parts: list[Part]) -> CheckResult:
    outcomes = [part.outcome for part in parts]
    if "failed" in outcomes and not check.partial:
        return _result(check, "failed", Decimal(0), parts)
    if "error" in outcomes:
        return _result(check, "error", Decimal(0), parts)
    earned = share(parts)
    score = (check.points * earned.numerator / earned.denominator).quantize(_CENT, ROUND_HALF_UP)
    return _result(check, "failed" if "failed" in outcomes else "passed", score, parts)


_SHOWN: Mapping[Status, str] = {"passed": "passed", "failed": "failed", "error": "error"}


def _result(check: Check, status: Status, score: Decimal, parts: Iterable[Part], *, actual: str = "") -> CheckResult:
    """Return a line of the report that tells of the parts which decided it."""
    telling = [part for part in parts if part.outcome == _SHOWN[status]]
    causes = list(dict.fromkeys(part.cause for part in telling if part.cause))
    cause = causes[0] if causes else actual or None
    hints = check.ladder(cause) if status == "failed" else ()
    return CheckResult(
        id=check.id,
        kind=check.kind,
        title=check.title or check.headline(),
        status=status,
        score=score,
        max_score=check.points,
        expected="; ".join(dict.fromkeys(part.expected for part in telling)),
        actual=actual or "; ".join(dict.fromkeys(part.actual for part in telling)),
        cause=cause,
        hint=hints[0] if hints else None,
        evidence=(*causes[1:], *(fact for part in telling for fact in part.evidence)),
        state=cause.state if isinstance(cause, Cause) else None,
        hints=hints,
        settling=status == "error" or any(isinstance(part.cause, Passing) for part in telling),
        unexplained=any(isinstance(part.cause, Unexplained) for part in telling),
    )


def _told_of_hints(
    checks: Iterable[Check], results: Iterable[CheckResult], asked: Mapping[str, int]
) -> tuple[CheckResult, ...]:
    """Return the results with how far up its ladder the learner had asked for hints, which costs nothing."""
    most = {check.id: longest(check.hints) for check in checks}

    def told(result: CheckResult) -> CheckResult:
        if not (rung := min(asked.get(result.id, 0), most[result.id])):
            return result
        return result.model_copy(update={"evidence": (*result.evidence, f"{HINTS_ASKED}{rung} of {most[result.id]}")})

    return tuple(map(told, results))


def _skipped(check: Check, waits_for: tuple[str, ...]) -> CheckResult:
    return CheckResult(
        id=check.id,
        kind=check.kind,
        title=check.title or check.headline(),
        status="skipped",
        score=Decimal(0),
        max_score=check.points,
        expected=check.headline(),
        actual=f"waits for {in_words(waits_for)}",
        waits_for=waits_for,
    )


def _void(check: Check) -> CheckResult:
    """Return the line of a check that was taken back: passed for everybody, or worth nothing for everybody."""
    full = check.void == "full"
    points = check.points if full else Decimal(0)
    return CheckResult(
        id=check.id,
        kind=check.kind,
        title=check.title or check.headline(),
        status="passed" if full else "skipped",
        score=points,
        max_score=points,
        expected=check.headline(),
        actual=f"{TAKEN_BACK}{check.reason}",
    )
