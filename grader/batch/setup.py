"""From the words of the command line to the tasks of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.records import Limits, Task
from grader.errors import GradebookError, RosterError, UsageError
from grader.host.connect import url_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.batch.gradebook import Gradebook
    from grader.batch.roster import Place, Roster
    from grader.host.address import Address
    from grader.rubric.model import Loaded

KNOWN_HOSTS = "known_hosts"


def tasks_for(
    roster: Roster,
    rubrics: Mapping[str, Loaded],
    limits: Limits,
    folder: Path,
    *,
    hosts_needed: bool,
    accept_new: bool,
    nonce: str,
) -> list[Task]:
    """Return a task for each learner and exercise."""
    texts = {name: text_of(loaded) for name, loaded in rubrics.items()}
    return [
        Task(
            place.learner.id,
            name,
            {
                host: vouched(address, folder, accept_new=accept_new)
                for host, address in (place.engines.items() if hosts_needed else ())
            },
            place.learner.roles,
            texts[name],
            loaded.path,
            limits,
            nonce,
        )
        for place in roster.places
        for name, loaded in rubrics.items()
    ]


def text_of(loaded: Loaded) -> str:
    """Return the text that a rubric was read from."""
    return Path(loaded.path).read_bytes().decode("utf-8")


def vouched(address: Address, folder: Path, *, accept_new: bool) -> Address:
    """Return an address for which nobody but the roster and the batch's own file vouches, also behind a context."""
    url = url_of(address.url)
    if not url.startswith("ssh://"):
        return address
    return replace(address, url=url, known_hosts=folder.absolute() / KNOWN_HOSTS, accept_new=accept_new)


def check_fit(roster: Roster, rubrics: Mapping[str, Loaded], *, hosts_needed: bool) -> None:
    """Raise RosterError for learners whose roles or hosts no exercise knows."""
    problems = [told for place in roster.places for told in _unfit(place, rubrics, hosts_needed)]
    if problems:
        raise RosterError("\n".join(f"{roster.path}:{told}" for told in problems), "nothing was connected to yet")


def _unfit(place: Place, rubrics: Mapping[str, Loaded], hosts_needed: bool) -> list[str]:
    found = []
    roles = {role for loaded in rubrics.values() for role in loaded.rubric.roles}
    if unknown := [role for role in place.learner.roles if role not in roles]:
        found.append(f"{place.line}: {place.learner.id} has no role {unknown[0]} to give: {', '.join(sorted(roles))}")
    if not hosts_needed:
        return found
    if not place.engines:
        found.append(f"{place.line}: {place.learner.id} has no host")
    for name, loaded in rubrics.items():
        hosts = loaded.rubric.hosts
        given = {host or hosts[0] for host in place.engines}
        if odd := [host for host in place.engines if host and host not in hosts]:
            found.append(f"{place.line}: {name} knows no engine {odd[0]}: {', '.join(hosts)}")
        elif place.engines and (missing := [host for host in hosts if host not in given]):
            needs = ", ".join(f"{host}: …" for host in hosts)
            found.append(f"{place.line}: {place.learner.id} has no engine {missing[0]} for {name}: hosts: {{{needs}}}")
    return [*found, *_leading_nowhere(place)]


def _leading_nowhere(place: Place) -> list[str]:
    """Return what is wrong with the contexts that are named."""
    found = []
    for address in place.engines.values():
        try:
            url_of(address.url)
        except UsageError as fault:
            found.append(f"{place.line}: {place.learner.id}: {fault.message}: {fault.remedy}")
    return found


def open_runs(
    book: Gradebook, wanted: Sequence[tuple[str, str]], *, resume: bool, again: bool
) -> dict[tuple[str, str], int]:
    """Return what is to be done, each with the run that its result belongs to.

    Raises GradebookError when it is unclear whether to go on or to begin anew.
    """
    if resume and again:
        raise UsageError("--resume does what is missing, and --again does everything", "say one of them")
    known = book.wanted() & set(wanted)
    if known and not (resume or again):
        raise GradebookError(
            f"{book.path} holds grades of these learners already",
            "--resume does what is missing; --again grades everybody once more and keeps what is there",
        )
    if new := [key for key in wanted if again or key not in known]:
        book.begin(new)
    chosen = set(wanted)
    return {key: run for key, run in book.open_ones().items() if key in chosen}
