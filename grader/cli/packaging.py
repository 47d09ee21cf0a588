"""The commands that hand things out: grade package gradescope, learner and exam."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.commands import grade, say

_COURSE = click.option(
    "--course", metavar="DIR", help="The course folder; by default the one we are in, or the built-in."
)
_PYTHONS = click.option(
    "--python", "pythons", multiple=True, metavar="3.N", help="A version of Python to bring wheels for."
)


@grade.group()
def package() -> None:
    """Make an archive for Gradescope, for learners, or for an exam without internet."""


@package.command()
@click.argument("exercise")
@click.option("--output", "-o", "target", type=click.Path(path_type=Path), default="autograder.zip", show_default=True)
@_PYTHONS
@_COURSE
def gradescope(exercise: str, target: Path, pythons: tuple[str, ...], course: str | None) -> None:
    """Make the autograder that judges the evidence which learners hand in."""
    from grader.course import find_course
    from grader.files import check_writable
    from grader.package.contents import left_out
    from grader.package.gradescope import write

    found = find_course(course)
    found.rubric(exercise)
    check_writable(target)
    write(found, exercise, target, pythons)
    _say_what_stays(left_out(found, exercise))
    click.echo(f"{target} is the autograder; learners hand in what grade snapshot {exercise} writes", err=True)


@package.command()
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--output", "-o", "target", type=click.Path(path_type=Path), default="course.zip", show_default=True)
@_COURSE
def learner(exercises: tuple[str, ...], target: Path, course: str | None) -> None:
    """Pack briefs, pictures, starters and rubrics, and no solution: of all exercises, or of some."""
    from grader.course import find_course
    from grader.files import check_writable
    from grader.package.contents import has_solutions, left_out
    from grader.package.learner import write

    found = find_course(course)
    check_writable(target)
    names = exercises or found.names
    files = write(found, names, target)
    _say_what_stays([file for name in names for file in left_out(found, name)])
    compared = (
        "none of them a solution of yours" if has_solutions(found) else "with no reference_solution/ to compare with"
    )
    click.echo(f"{target}: {len(names)} exercises in {len(files)} files, {compared}", err=True)


@package.command()
@click.argument("exercise")
@click.option("--output", "-o", "target", type=click.Path(path_type=Path), metavar="FILE.tar", help="The archive.")
@click.option("--image", "images", multiple=True, metavar="NAME", help="An image to bring besides those it finds.")
@_PYTHONS
@click.option("--platform", "platforms", multiple=True, metavar="TAG", help="A platform of wheels, as pip names it.")
@click.option("--host", metavar="HOST", help="The engine whose images are taken.")
@_COURSE
def exam(
    exercise: str,
    target: Path | None,
    images: tuple[str, ...],
    pythons: tuple[str, ...],
    platforms: tuple[str, ...],
    host: str | None,
    course: str | None,
) -> None:
    """Pack starter, rubric, wheels and images, so that a room without internet can install, build and grade."""
    from grader.course import find_course
    from grader.files import check_writable
    from grader.observe import Settings, connected
    from grader.package.contents import left_out
    from grader.package.exam import write
    from grader.package.starter import fetching

    found = find_course(course)
    found.rubric(exercise)
    place = target or Path(f"exam-{exercise}.tar")
    check_writable(place)
    connection = connected(Settings(hosts={"default": host}))["default"]
    say("your engine fetches what the starter installs, and saves the images")
    names, served = write(found, exercise, place, connection, images, pythons, platforms)
    click.echo(f"{place} brings {', '.join(names)}; unpacked, sh install.sh installs it", err=True)
    if served:
        click.echo(f"pip finds what the starter installs within {', '.join(served)}, and asks nobody else", err=True)
    _say_what_stays(left_out(found, exercise))
    for each in fetching(found.root / "exercises" / exercise):
        click.echo(f"note: {each}, which a room without internet refuses: build on an image that has it", err=True)


def _say_what_stays(files: list[str]) -> None:
    if files:
        click.echo(f"note: {', '.join(files)}: left out, for its name begins with a dot", err=True)
