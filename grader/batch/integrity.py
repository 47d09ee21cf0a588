"""What two learners cannot both have by accident: the same containers, or the same evidence.

An engine's id alone is no sign, for cloned machines share it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grader.batch.gradebook import Gradebook


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that a person should look at."""

    learners: tuple[str, ...]
    exercises: tuple[str, ...]
    what: str


def flags(book: Gradebook) -> list[Flag]:
    """Return what is shared between learners; an empty engine shows the same to everybody and is no sign."""
    by_container: dict[str, set[tuple[str, str]]] = defaultdict(set)
    by_digest: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for _, learner, exercise, digest, containers in book.fingerprints():
        for each in containers:
            by_container[each].add((learner, exercise))
        if containers:
            by_digest[digest].add((learner, exercise))
    same_file = {_flag(who, "the same evidence") for who in by_digest.values() if _several(who)}
    together = {flag.learners for flag in same_file}
    containers_of: dict[Flag, int] = defaultdict(int)
    for who in by_container.values():
        if _several(who):
            containers_of[_flag(who, "")] += 1
    shared = {
        Flag(flag.learners, flag.exercises, f"{count} container{'s' if count > 1 else ''} with the same ids")
        for flag, count in containers_of.items()
        if flag.learners not in together
    }
    return sorted(same_file | shared, key=lambda flag: (flag.learners, flag.what))


def _several(who: Iterable[tuple[str, str]]) -> bool:
    return len({learner for learner, _ in who}) > 1


def _flag(who: Iterable[tuple[str, str]], what: str) -> Flag:
    pairs = list(who)
    learners, exercises = ({pair[0] for pair in pairs}, {pair[1] for pair in pairs})
    return Flag(tuple(sorted(learners)), tuple(sorted(exercises)), what)
