"""What bars every build from a connection, a name or a published port: the networks on which a role may be."""

from collections.abc import Iterator

from grader.checks.base import Check
from grader.checks.http import HttpCheck
from grader.checks.publishes import PublishesCheck
from grader.checks.reaches import ReachesCheck
from grader.checks.resolves import ResolvesCheck
from grader.judging.names import in_words
from grader.judging.outside import OUTSIDE
from grader.verify.demands import Demands, opens
from grader.verify.engines import PREDEFINED
from grader.verify.rules.barred import Bar

_MEND = "let it be on a network that is not internal as well"


def between_roles(demands: Demands) -> Iterator[Bar]:
    """Find connections and names between roles that may share no network, or none that knows names."""
    for check in demands.rubric.checks:
        for ends in _ends(check):
            if not any(demands.is_alone(role) for role in ends):
                yield from _barred(demands, check, ends)


def _barred(demands: Demands, check: Check, ends: tuple[str, str]) -> Iterator[Bar]:
    one, other = ends
    shared = demands.open_to(one) & demands.open_to(other)
    if not shared and _are_placed(demands, ends):
        why = f"the rubric leaves {one} and {other} no network that both may be on ({_kept_off(demands, ends)})"
        yield Bar(check, (), why, "let both be on one network")
    elif shared and isinstance(check, ResolvesCheck) and shared <= set(PREDEFINED):
        why = f"{one} and {other} share only {in_words(sorted(shared))}, which has no DNS for container names"
        yield Bar(check, (), why, "let both be on a network of the learner's own")


def _ends(check: Check) -> list[tuple[str, str]]:
    """Return the pairs of roles between which something has to pass; whoever asks itself needs no network for it."""
    if not isinstance(check, ReachesCheck | ResolvesCheck | HttpCheck) or check.source in (None, OUTSIDE):
        return []
    source = str(check.source)
    return [(source, role) for role in check.roles() if role != source]


def _are_placed(demands: Demands, roles: tuple[str, str]) -> bool:
    """Return whether networks are a matter of this rubric for both; Docker's default bridge is open to all others."""
    return all(demands.joins[role] or demands.avoids[role] for role in roles)


def _kept_off(demands: Demands, roles: tuple[str, str]) -> str:
    return "; ".join(
        f"{role} has to keep off {in_words(sorted(demands.avoids[role]))}" for role in roles if demands.avoids[role]
    )


def published(demands: Demands) -> Iterator[Bar]:
    """Find published ports of roles that may only be on networks of which Docker publishes nothing."""
    for check in filter(opens, demands.of(PublishesCheck)):
        if here := _only_internal(demands, check.role):
            yield Bar(check, (), f"{check.role} may only be on {here}, and internal networks publish nothing", _MEND)


def from_outside(demands: Demands) -> Iterator[Bar]:
    """Find what outsiders are to reach though nothing of it can be published."""
    for check in demands.rubric.checks:
        match check:
            case ReachesCheck(source="outside", target=role) | HttpCheck(source="outside", role=role):
                if here := _only_internal(demands, role):
                    yield Bar(check, (), f"{role} may only be on {here}, where nobody outside gets in", _MEND)
            case _:
                pass


def _only_internal(demands: Demands, role: str) -> str:
    """Return the networks that a role may be on if it has to be on some, and all are internal."""
    here = demands.open_to(role)
    placed = demands.joins[role] and not demands.is_alone(role)
    return in_words(sorted(here)) if placed and here and here <= demands.internal else ""
