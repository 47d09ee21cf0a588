"""The stages that prove an exercise, in reading order: lint, floor, solutions, faults."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.course import Course
from grader.models.evidence import Evidence
from grader.models.report import RubricRef
from grader.models.verification import Built, Fault, Rehearsed, Verification
from grader.pipeline import grade
from grader.rubric.model import Loaded
from grader.verify.builds import Bench, built, standing
from grader.verify.floor import on_empty_engine
from grader.verify.lint import lint
from grader.verify.rehearsal import rehearsed
from grader.verify.trial import Trial, Trials, tried

EMPTY = "an empty engine"
_STARTER = "the starter alone"
_SCRIPT = "build.sh"
_NO_LIVE = "solutions and starter were not built: no engine was to be used"


@dataclass(frozen=True)
class Exercise:
    """One exercise of a course, with its rubric."""

    course: Course
    name: str
    loaded: Loaded

    @property
    def variants(self) -> list[Path]:
        """The build scripts of the reference solutions."""
        return sorted((self.course.root / "reference_solution" / self.name).glob(f"*/{_SCRIPT}"))

    @property
    def starter_compose(self) -> Path | None:
        """The compose file of the starter, if it has one: building that must not be enough."""
        found = sorted((self.course.root / "exercises" / self.name).rglob("*compose*.y*ml"))
        return found[0] if found else None


def prove(
    exercise: Exercise,
    there: Bench | None,
    saved: Mapping[str, Evidence],
    say: Callable[[str], None],
    *,
    rehearse: bool = False,
) -> Verification:
    """Return whether the exercise holds; without a bench, faults are tried on saved evidence of right builds alone.

    To `rehearse` is to make one fault of each operator for real, on the first solution, and to undo it.
    """
    loaded, rubric = exercise.loaded, exercise.loaded.rubric
    solutions, shown = _solutions(exercise, there, say)
    trials = {name: tried(loaded, evidence) for name, evidence in {**saved, **shown}.items()}
    return Verification(
        exercise=exercise.name,
        title=rubric.title,
        tool_version=__version__,
        rubric=RubricRef(path=loaded.path, sha256=loaded.sha256),
        checks=tuple(check.id for check in rubric.checks if check.points),
        findings=tuple(lint(exercise.course, exercise.name)),
        floor=(_empty(exercise), *_starter(exercise, there, say)),
        solutions=solutions,
        faults=tuple(fault for name, each in trials.items() for fault in _faults(loaded, name, each)),
        rehearsals=tuple(_rehearsals(exercise, there, say)) if there and rehearse else (),
        untried=tuple(_untried(exercise, there, trials)),
    )


def _empty(exercise: Exercise) -> Built:
    report = on_empty_engine(exercise.loaded)
    earned = tuple(check.id for check in report.checks if check.score)
    fault = f"{', '.join(earned)} earn marks though nothing is built" if earned else None
    return Built(name=EMPTY, percent=report.percent, fault=fault, right=report.percent == 0)


def _starter(exercise: Exercise, there: Bench | None, say: Callable[[str], None]) -> Iterator[Built]:
    compose = exercise.starter_compose
    if there is None or compose is None:
        return
    say(f"building {_STARTER}")
    below = float(exercise.loaded.rubric.pass_mark) - 0.01
    command = ["docker", "compose", "--file", compose.name, "up", "--detach", "--build"]
    found, _ = built(there, exercise.loaded, exercise.name, _STARTER, compose.parent, command, most=below)
    yield found


def _solutions(
    exercise: Exercise, there: Bench | None, say: Callable[[str], None]
) -> tuple[tuple[Built, ...], dict[str, Evidence]]:
    """Return how each solution did, and what the engines showed of those that are right."""
    found: list[Built] = []
    shown: dict[str, Evidence] = {}
    if there is None:
        return (), {}
    for script in exercise.variants:
        name, folder, command = script.parent.name, script.parent, ["sh", script.name]
        say(f"building the solution {name}")
        done, evidence = built(there, exercise.loaded, exercise.name, name, folder, command, least=100.0)
        found.append(done)
        if done.right and evidence:
            shown[name] = evidence
    return tuple(found), shown


def _faults(loaded: Loaded, build: str, trials: Trials) -> Iterator[Fault]:
    excused = loaded.rubric.equivalents
    for trial in trials.trials if trials.told else ():
        yield _told(trial, build, excused.get(trial.mutant.name))


def _rehearsals(exercise: Exercise, there: Bench, say: Callable[[str], None]) -> Iterator[Rehearsed]:
    if len(there.connections) > 1 or not exercise.variants:
        return  # a build on several engines is not changed in place
    script, loaded = exercise.variants[0], exercise.loaded
    with standing(there, script.parent, ["sh", script.name]) as fault:
        if fault is None:
            evidence, _ = grade(loaded, exercise.name, there.settings)
            for each in rehearsed(there, loaded, exercise.name, evidence, say):
                yield Rehearsed(operator=each.mutant.operator, name=each.mutant.name, differences=each.differences)


def _told(trial: Trial, build: str, equivalent: str | None) -> Fault:
    return Fault(
        operator=trial.mutant.operator,
        name=trial.mutant.name,
        build=build,
        lost=dict(trial.lost),
        own=tuple(sorted(trial.mutant.own)),
        first_cause=trial.first_cause,
        seen=trial.seen,
        named=trial.named,
        collateral=tuple(sorted(trial.collateral)),
        equivalent=equivalent,
    )


def _untried(exercise: Exercise, there: Bench | None, trials: Mapping[str, Trials]) -> Iterator[str]:
    if there is None:
        yield _NO_LIVE
    if not exercise.variants:
        yield f"there is no reference solution (reference_solution/{exercise.name}/VARIANT/{_SCRIPT})"
    for name, each in trials.items():
        if not each.told:
            yield f"no fault was tried on {name}, which cannot be imagined without an engine"
    if not any(each.told for each in trials.values()):
        yield "no fault was tried, because no right build was there to try it on"


def all_hold(found: Sequence[Verification]) -> bool:
    """Return whether every exercise holds."""
    return all(each.holds for each in found)
