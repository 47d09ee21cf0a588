"""The command that saves evidence, to be kept or handed in, and says what is in the file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands import grade, loaded_rubric, run_settings, say
from grader.cli.options import common, live
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.cli.options import Look
    from grader.models.evidence import Evidence

_LONGEST_ID = 100


@grade.command()
@click.argument("exercise")
@click.option("--output", "-o", "target", metavar="FILE", required=True, help="Where to save the evidence.")
@click.option("--learner", metavar="ID", help="Whose build it is: your name or number in the course.")
@click.option("--nonce", metavar="WORD", help="A word that your instructor wants in it.")
@live
@common
def snapshot(
    exercise: str,
    target: str,
    learner: str | None,
    nonce: str | None,
    look: Look,
    course: str | None,
    roles: tuple[str, ...],
) -> None:
    """Save what the engine shows of EXERCISE, to be handed in or judged later, and say what is in the file."""
    from grader import grade as grade_live
    from grader import store
    from grader.files import check_writable

    loaded = loaded_rubric(course, exercise)
    named, word = kept_word("--learner", learner), kept_word("--nonce", nonce)
    check_writable(Path(target))
    settings = run_settings(loaded, look, roles, learner_of=exercise)
    evidence = grade_live(loaded, settings, say=say).evidence.model_copy(update={"learner": named, "nonce": word or ""})
    store.save(evidence, Path(target))
    click.echo(_contents(target, evidence), err=True)


def kept_word(option: str, word: str | None) -> str | None:
    """Return a name or word in one line; UsageError for one that no list of a course could hold."""
    if word is None:
        return None
    bare = word.strip()
    if not bare or len(bare) > _LONGEST_ID or not bare.isprintable():
        raise UsageError(
            f"{option}: this cannot be kept ({len(word)} characters, which have to be printable)",
            f"give the name, number or word that your course uses, of at most {_LONGEST_ID} characters",
        )
    return bare


def _contents(target: str, evidence: Evidence) -> str:
    """Return in words what the file holds and what it does not."""
    from grader.reporters.words import clean

    seen = [host.snapshot for host in evidence.hosts.values()]
    networks, containers, others = (
        sum(map(count, seen))
        for count in (lambda s: len(s.networks), lambda s: len(s.containers), lambda s: s.other_containers)
    )
    encoding = sys.stderr.encoding or "ascii"
    whose = clean(evidence.learner, encoding) if evidence.learner else "nobody (--learner ID says whose it is)"
    return "\n".join(
        [
            f"{target} is evidence of {evidence.exercise}, and names as its learner {whose}.",
            f"  It holds:   {_count(networks, 'network')} and {_count(containers, 'container')} with names, images and",
            "              states, addresses, routes, DNS settings, ports, listeners, what each could reach, and",
            "              the first 4 kB of pages that the exercise asks for; the names of environment variables,",
            "              labels of grade and Compose; the engine's name, id and version; how many hints were",
            "              asked for.",
            "  Not in it:  the values of environment variables, command lines, logs, files, other labels.",
            f"              {_count(others, 'other container')} of this engine "
            f"{'is' if others == 1 else 'are'} only counted.",
            f"  To see what it is worth: grade regrade {evidence.exercise} {target}",
        ]
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
