"""What is earned without having built anything."""

from collections.abc import Iterator
from decimal import Decimal

from grader.evaluate import evaluate
from grader.models.evidence import Evidence
from grader.models.verification import Finding
from grader.verify import engines
from grader.verify.starter import as_delivered
from grader.verify.subject import Subject


def on_an_empty_engine(subject: Subject) -> Iterator[Finding]:
    """Find checks that earn something on an engine that has just been installed."""
    for index, earned in _earned(subject, engines.empty(subject.rubric)):
        check = subject.rubric.checks[index]
        text = f"`{check.id}` earns {earned:f} of {check.points:f} on an empty engine"
        remedy = "demand something that is not there before the learner has built it"
        yield Finding(*subject.at(check), "vacuous", text, remedy)


def by_stopped_containers(subject: Subject) -> Iterator[Finding]:
    """Find negative checks that are content when nobody is at work."""
    for index, earned in _earned(subject, engines.stopped(subject.rubric)):
        check = subject.rubric.checks[index]
        if check.denies():
            text = f"`{check.id}` earns {earned:f} of {check.points:f} while all containers are stopped"
            remedy = "what does not run keeps silent: demand that its target is at work, with `needs`"
            yield Finding(*subject.at(check), "vacuous", text, remedy)


def with_the_starter(subject: Subject) -> Iterator[Finding]:
    """Find a pass mark that is reached with what learners are given, as far as its files tell."""
    given = as_delivered(subject.rubric, subject.folder)
    evidence = given or engines.empty(subject.rubric)
    report = evaluate(subject.loaded, evidence)
    percent = 100 * report.score / report.max_score
    if percent >= subject.rubric.pass_mark:
        whole = "the starter, built as it is," if given else "an empty engine"
        text = f"{whole} has {percent.quantize(Decimal(1)):f} %, and the pass mark is {subject.rubric.pass_mark:f}"
        remedy = "raise the pass mark, or give no points for what learners are given"
        yield Finding(*subject.places.top("pass_mark"), "pass-mark", text, remedy)


def _earned(subject: Subject, evidence: Evidence) -> Iterator[tuple[int, Decimal]]:
    for index, result in enumerate(evaluate(subject.loaded, evidence).checks):
        if result.score:
            yield index, result.score.normalize()
