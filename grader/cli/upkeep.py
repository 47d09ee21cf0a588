"""The commands about the set-up: what hinders a grade, and what grades have left behind."""

from __future__ import annotations

import click

from grader.cli.codes import INCOMPLETE, PASSED
from grader.cli.commands import grade
from grader.cli.options import in_turn


@grade.command()
@in_turn
@click.option("--course", metavar="DIR", help="The course folder; by default the one we are in, or the built-in.")
def doctor(hosts: tuple[str, ...], timeout: float, course: str | None) -> int:
    """Look at the set-up, from this terminal to a probe on the engine, and say what mends it."""
    from grader import machine
    from grader.host.examine import examine
    from grader.reporters.terminal.diagnosis import DiagnosisScreen

    screen, able = DiagnosisScreen(), True
    for symptom in machine.examine(course):
        screen.show(symptom)
        able &= symptom.condition != "fail"
    for host in addresses(hosts):
        screen.heading(f"The engine {host}" if host else "The engine")
        for symptom in examine(host, timeout):
            screen.show(symptom)
            able &= symptom.condition != "fail"
    screen.verdict(able=able)
    return PASSED if able else INCOMPLETE


def addresses(hosts: tuple[str, ...]) -> list[str | None]:
    """Return the engines that are meant; None is docker's own choice, and a name before one says nothing here."""
    from grader.cli.hosts import without_name

    return [without_name(host) for host in hosts] or [None]


@grade.command()
@in_turn
@click.option("--all", "everything", is_flag=True, help="Remove also what a grade that is going on may need.")
def clean(hosts: tuple[str, ...], timeout: float, everything: bool) -> int:
    """Remove what grades have left on the engine: sidecars of killed runs and the probe's image, nothing of yours."""
    from contextlib import closing

    from grader.host.connect import connect
    from grader.host.faults import engine_errors
    from grader.host.leftovers import clean as cleaned

    for host in addresses(hosts):
        with closing(connect(host, timeout)) as found, engine_errors(found.address), closing(found.client()) as client:
            done = cleaned(client, everything=everything)
        for each in done.removed:
            click.echo(f"removed  {each}")
        for each in done.kept:
            click.echo(f"kept     {each}")
        if not done.removed and not done.kept:
            click.echo(f"nothing of ours is on {found.address}")
        elif done.kept and not everything:
            click.echo("\n--all removes that too; a grade that is going on would end in errors.", err=True)
    return PASSED
