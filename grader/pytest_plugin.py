"""Checks as tests: `pytest --grade EXERCISE` shows each check as an item, and its cause as the failure.

An engine is observed once, by the process that was started, whatever number of workers judges. A check that could not
be judged is an error, one that waits for another is skipped, and one that gives no marks cannot fail a run. Instructors
who write checks in Python take the fixture `graded`, which has the evidence and the report.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader import Graded, Loaded
    from grader.models.report import CheckResult

_STATE = pytest.StashKey["Gradings"]()
_SENT = "grade_evidence"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; nothing of grade is imported before one of them is used."""
    group = parser.getgroup("grade", "grading Docker labs")
    group.addoption(
        "--grade", action="append", default=[], metavar="EXERCISE", help="Show the checks of EXERCISE as tests."
    )
    group.addoption("--grade-course", metavar="DIR", help="The course folder; by default the one we are in.")
    group.addoption("--grade-host", action="append", default=[], metavar="[NAME=]HOST", help="The engine.")
    group.addoption("--grade-evidence", metavar="FILE", help="Judge saved evidence, not a live engine.")


def pytest_configure(config: pytest.Config) -> None:
    """Load the rubrics, so that a wrong one ends the run before anything is collected."""
    from grader.errors import GradeError

    if not config.getoption("grade"):
        return
    try:
        config.stash[_STATE] = Gradings(config)
    except GradeError as fault:
        raise pytest.UsageError(_told(fault)) from fault


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand what was observed to a worker of pytest-xdist, which then needs no engine."""
    if state := node.config.stash.get(_STATE, None):
        node.workerinput[_SENT] = state.evidence()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each check, in the order of the rubric."""
    if state := config.stash.get(_STATE, None):
        for name, loaded in state.rubrics.items():
            parent = Exercise.from_parent(session, name=name, nodeid=name)
            items += [CheckItem.from_parent(parent, name=check.id) for check in loaded.rubric.checks]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say the marks, where the process that observed prints them."""
    state = config.stash.get(_STATE, None)
    for name, graded in state.done.items() if state else ():
        from grader.reporters.words import of

        report = graded.report
        marks = of(report.score, report.max_score) if report.complete else "not graded completely"
        terminalreporter.write_line(f"{name}: {marks}")


@pytest.fixture(scope="session")
def graded(request: pytest.FixtureRequest) -> Graded:
    """Return what was observed of the exercise that --grade names, and the report on it."""
    state = request.config.stash.get(_STATE, None)
    if state is None or len(state.rubrics) != 1:
        pytest.skip("the fixture graded needs one --grade EXERCISE")
    return state.graded(next(iter(state.rubrics)))


class Exercise(pytest.Collector):
    """An exercise as the parent of its checks."""

    def collect(self) -> Sequence[pytest.Item]:
        """Collect nothing: the items were made with it."""
        return ()


class CheckItem(pytest.Item):
    """One check of one exercise."""

    _result: CheckResult

    def setup(self) -> None:
        """Judge; what could not be judged is an error of the set-up, never a failure of the learner's."""
        from grader.errors import GradeError
        from grader.reporters.words import number

        assert self.parent is not None  # noqa: S101 - every item is made with its exercise
        try:
            report = self.config.stash[_STATE].graded(self.parent.name).report
        except GradeError as fault:
            raise NotJudged(_told(fault)) from fault
        self._result = next(check for check in report.checks if check.id == self.name)
        self.user_properties += [("title", self._result.title), ("max_score", number(self._result.max_score))]
        if self._result.status == "error":
            raise NotJudged(self._result.cause or self._result.actual)
        self.user_properties.append(("score", number(self._result.score)))

    def runtest(self) -> None:
        """Pass, skip, or fail with the cause."""
        check = self._result
        if check.status == "skipped":
            pytest.skip(f"waits for {', '.join(check.waits_for)}")
        if check.status == "failed" and not check.max_score:
            pytest.xfail(f"advice: {check.cause or check.actual}")
        if check.status == "failed":
            raise CheckFailed(check)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the words of the report; a traceback through grade tells a learner nothing."""
        if isinstance(excinfo.value, (CheckFailed, NotJudged)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the item comes from, and its title."""
        assert self.parent is not None  # noqa: S101 - every item is made with its exercise
        rubric = self.config.stash[_STATE].rubrics[self.parent.name]
        return Path(rubric.path), None, f"{self.parent.name}: {self.name}"


class CheckFailed(Exception):
    """A check that the learner's build does not meet."""

    def __init__(self, check: CheckResult) -> None:
        from grader.reporters.words import clean, facts, of

        head = clean(check.cause or check.actual)
        marks = f"marks: {of(check.score, check.max_score)}"
        super().__init__("\n".join([head, marks, *(fact for fact in facts(check) if not fact.startswith("cause: "))]))


class NotJudged(Exception):
    """A check that could not be judged, which is nobody's fault but ours."""


class Gradings:
    """The exercises of a run, each observed once and then kept."""

    def __init__(self, config: pytest.Config) -> None:
        from grader import load_rubric

        self._config = config
        course = config.getoption("grade_course")
        names = list(dict.fromkeys(config.getoption("grade")))
        self.rubrics: dict[str, Loaded] = {name: load_rubric(name, course) for name in names}
        self.done: dict[str, Graded] = {}
        self._sent: dict[str, dict[str, str]] = getattr(config, "workerinput", {}).get(_SENT, {})

    def graded(self, name: str) -> Graded:
        """Return the grading of an exercise; GradeError where it cannot be had."""
        if name not in self.done:
            self.done[name] = self._judged(name) if name in self._sent else self._observed(name)
        return self.done[name]

    def evidence(self) -> dict[str, dict[str, str]]:
        """Return, for workers, the evidence of each exercise as JSON, or what went wrong."""
        from grader.errors import GradeError

        found = {}
        for name in self.rubrics:
            try:
                found[name] = {"evidence": self.graded(name).evidence.model_dump_json(by_alias=True)}
            except GradeError as fault:
                found[name] = {"message": fault.message, "remedy": fault.remedy}
        return found

    def _judged(self, name: str) -> Graded:
        from grader import Evidence, regrade
        from grader.errors import GradeError

        sent = self._sent[name]
        if "evidence" not in sent:
            raise GradeError(sent["message"], sent["remedy"])
        return regrade(self.rubrics[name], Evidence.model_validate_json(sent["evidence"]))

    def _observed(self, name: str) -> Graded:
        from grader import Settings, grade, regrade
        from grader.cli.hosts import named_hosts

        loaded, file = self.rubrics[name], self._config.getoption("grade_evidence")
        if file:
            return regrade(loaded, file)
        hosts = named_hosts(loaded.rubric.hosts, self._config.getoption("grade_host"))
        return grade(loaded, Settings(hosts=hosts))


def _told(fault: Any) -> str:
    return f"{fault.message}\n  try: {fault.remedy}" if fault.remedy else str(fault.message)
