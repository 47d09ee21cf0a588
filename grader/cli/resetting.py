"""The command that takes an exercise down again: it lists, asks, and removes exactly what it listed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from grader.cli.codes import PASSED
from grader.cli.commands import grade, loaded_rubric, run_settings, say
from grader.cli.options import common, live
from grader.errors import EngineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.cli.options import Look
    from grader.host.connect import Connection
    from grader.models.inventory import Stock
    from grader.reset.plan import Item, Removal

_KINDS = ("service", "container", "network", "image")


@grade.command()
@click.argument("exercise")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--images", is_flag=True, help="Remove the images that were built for it too.")
@live
@common
def reset(
    exercise: str,
    yes: bool,
    images: bool,
    look: Look,
    course: str | None,
    roles: tuple[str, ...],
) -> int:
    """Remove what EXERCISE built: lists it, asks, and leaves everything else alone."""
    from grader.observe import connected, observe
    from grader.reset import plan as planning
    from grader.reset.cast import parts

    loaded = loaded_rubric(course, exercise)
    settings = run_settings(loaded, look, roles)
    connections = connected(settings)
    say("looking at what is there")
    evidence = observe(connections, loaded, exercise, settings, lambda: None)
    cast, doubts = parts(loaded.rubric, evidence, settings.roles)
    stocks = _stocks(connections)
    removal = planning.plan(loaded.rubric, stocks, cast, images=images)
    removal.kept += doubts
    asks = not yes
    _show(exercise, removal, asks=asks, several=len(connections) > 1)
    items = [item for item in removal.items if item.sure or asks]
    if not items:
        return PASSED
    if asks and not _agreed(items):
        click.echo("Nothing was removed.")
        return PASSED
    _remove(connections, items, stocks)
    return PASSED


def _stocks(connections: Mapping[str, Connection]) -> dict[str, Stock]:
    from grader.host.removal import stock

    return {name: stock(connection) for name, connection in connections.items()}


def _show(exercise: str, removal: Removal, *, asks: bool, several: bool) -> None:
    from grader.reporters.terminal.removal import plain_removal, show_removal

    items = [item for item in removal.items if item.sure or asks]
    unsure = (item for item in removal.items if not (item.sure or asks))
    heading = f"Built for {exercise}:" if items else f"Nothing to remove: nothing here was built for {exercise}."
    rows = [
        (item.kind, item.name, f"{item.because}{f' on {item.host}' if several else ''}{_volumes(item)}")
        for item in items
    ]
    kept = [*dict.fromkeys([*removal.kept, *map(_not_unasked, unsure)])]
    if sys.stdout.isatty():
        show_removal(heading, rows, kept)
    else:
        click.echo(plain_removal(heading, rows, kept, sys.stdout.encoding or "ascii"), nl=False)


def _volumes(item: Item) -> str:
    count = len(item.container.anonymous) if item.container else 0
    return f", with {count} anonymous volume{'s' * (count > 1)} and the data in it" if count else ""


def _not_unasked(item: Item) -> str:
    return f"{item.kind} {item.name}: it {item.because}, which is too little for --yes; without --yes you are asked"


def _agreed(items: list[Item]) -> bool:
    """Ask whoever is there; UsageError where nobody is."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nothing was removed: there is nobody to ask", "--yes removes without asking")
    counts = ((sum(item.kind == kind for item in items), kind) for kind in _KINDS)
    what = ", ".join(f"{count} {kind}{'s' * (count > 1)}" for count, kind in counts if count)
    return click.confirm(f"\nRemove {what}?", default=False, err=True)


def _remove(connections: Mapping[str, Connection], items: list[Item], stocks: Mapping[str, Stock]) -> None:
    """Remove one thing after the other; EngineError names what could not be removed."""
    faults = []
    for item in items:
        say(f"removing the {item.kind} {item.name}")
        if fault := _remover(item, connections[item.host])():
            faults.append(f"the {item.kind} {item.name} is still there: {fault}")
        elif item.kind == "service":
            _await_tasks(item, connections, stocks)
    if faults:
        raise EngineError("; ".join(faults), "run grade reset again, or remove it with the docker command")
    click.echo(f"\nRemoved: {', '.join(item.name for item in items)}")


def _await_tasks(service: Item, connections: Mapping[str, Connection], stocks: Mapping[str, Stock]) -> None:
    """Wait until a service's containers are gone from every engine, since they hold its networks."""
    from grader.host.removal import await_gone

    for host, stock in stocks.items():
        if tasks := frozenset(each.id for each in stock.containers if each.service == service.id):
            await_gone(connections[host], tasks)


def _remover(item: Item, connection: Connection) -> Callable[[], str | None]:
    from grader.host import removal

    match item.kind:
        case "container":
            return lambda: removal.remove_container(connection, item.id)
        case "service":
            return lambda: removal.remove_service(connection, item.id)
        case "network":
            return lambda: removal.remove_network(connection, item.id, item.name)
        case _:
            return lambda: removal.remove_image(connection, item.id)
