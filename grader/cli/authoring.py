"""The commands for authors: a new exercise to begin with."""

from __future__ import annotations

import click

from grader.cli.commands import grade


@grade.command()
@click.argument("exercise")
@click.option(
    "--course",
    metavar="DIR",
    help="The course folder; a new or empty one becomes a course. By default the one we are in.",
)
def new(exercise: str, course: str | None) -> None:
    """Begin an exercise of one's own: brief, picture, rubric and reference solution, sound from the start."""
    from grader.course import course_to_extend
    from grader.scaffold.files import write
    from grader.scaffold.names import check_name, too_near

    check_name(exercise, grade.commands)
    home = course_to_extend(course)
    near = too_near(exercise, home.names)
    made = write(home, exercise)
    width = max(len(file.path) for file in made)
    click.echo(f"In {home.root}:")
    for file in made:
        click.echo(f"  {file.path:<{width}}  {file.purpose}")
    if near:
        click.echo(f"note: learners may mistake it for {near}, which is in this course as well", err=True)
    click.echo(
        f"\nAll of it is sound: change it step by step, and grade verify {exercise} says what no longer fits.", err=True
    )
