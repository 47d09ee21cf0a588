"""What no rubric file can show: kinds that are not made yet, and positions of parts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from grader.checks.base import Check
from grader.judging import byhand
from grader.judging.scene import Scene
from grader.judging.verdict import Cause, Part, failed, passed
from grader.judging.wants import Wants
from grader.models.verification import Finding
from grader.rubric.load import load, loads
from grader.rubric.model import Loaded
from grader.rubric.places import Places
from grader.verify.rules import earned, negative
from grader.verify.starter import as_delivered
from grader.verify.subject import Subject

HERE = Path(__file__).parent
TEXT = (HERE / "good.yaml").read_text(encoding="utf-8")


class Silent(Check):
    """A negative check that is content as soon as there is a container, at work or not."""

    kind: Literal["silent"] = "silent"
    role: str = "web"

    def headline(self) -> str:
        """Say what it is."""
        return "silent"

    def wants(self) -> Wants:
        """Want nothing."""
        return Wants()

    def roles(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def denies(self) -> tuple[str, ...]:
        """Name the one role."""
        return (self.role,)

    def by_hand(self, scene: Scene) -> str:
        """Show the container."""
        return byhand.inspect(scene, self.role, "{{json .}}")

    def judge(self, scene: Scene) -> list[Part]:
        """Pass for whoever is there."""
        there = bool(scene.role(self.role).actors)
        return [
            passed("silence", "silence")
            if there
            else failed("silence", "nobody", Cause("nobody is there", "missing-role"))
        ]


def subject_with(*more: Check) -> Subject:
    """Return the good rubric with the last of its checks replaced."""
    loaded = loads(TEXT, "good.yaml")
    checks = (*loaded.rubric.checks[: -len(more)], *more)
    rubric = loaded.rubric.model_copy(update={"checks": checks})
    return Subject(Loaded(rubric=rubric, path="good.yaml", sha256=""), TEXT, HERE / "bad")


def texts(found: Iterator[Finding]) -> list[str]:
    return [finding.text for finding in found]


def test_a_negative_check_that_is_content_with_stopped_containers_is_vacuous() -> None:
    subject = subject_with(Silent(id="hush", points=2))
    assert texts(earned.on_an_empty_engine(subject)) == []
    assert texts(earned.by_stopped_containers(subject)) == ["`hush` earns 2 of 2 while all containers are stopped"]


def test_a_negative_check_is_no_control_of_another() -> None:
    subject = subject_with(Silent(id="hush", points=2, role="client"))
    assert texts(negative.uncontrolled(subject)) == []
    alone = subject.rubric.model_copy(update={"checks": subject.rubric.checks[-1:]})
    hushed = Subject(subject.loaded.model_copy(update={"rubric": alone}), TEXT, subject.folder)
    assert texts(negative.uncontrolled(hushed)) == [
        "`hush` wants client out of reach, and no check wants client at work"
    ]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (lambda places: places.check(0), "id: net"),
        (lambda places: places.check(0, "hints", 1), '"docker network create lab"'),
        (lambda places: places.check(0, "gone"), "id: net"),
        (lambda places: places.check(1, "to", 0), "lab], points: 1"),
        (lambda places: places.role("stranger"), "stranger: "),
        (lambda places: places.top("checks"), "checks:"),
        (lambda places: places.top("pass_mark"), "version: 1"),
    ],
)
def test_each_part_of_a_rubric_is_found_in_its_file(place: object, shown: str) -> None:
    assert callable(place)
    line, column = place(Places(TEXT))
    assert TEXT.splitlines()[line - 1][column - 1 :].startswith(shown)


def test_a_starter_is_what_its_files_make() -> None:
    rubric = load(HERE / "bad" / "starter.yaml").rubric
    evidence = as_delivered(rubric, HERE / "bad" / "starter")
    assert evidence
    (seen,) = evidence.hosts.values()
    assert {"lab", "lab_default"} <= {network.name for network in seen.snapshot.networks}
    web, client = seen.snapshot.containers
    assert (web.name, web.image, [port.number for port in web.exposed]) == ("lab-web-1", "nginx:stable", [80])
    assert (client.name, client.image, client.exposed) == ("lab-client-1", "busybox", ())


def test_a_folder_without_a_starter_makes_nothing(tmp_path: Path) -> None:
    assert as_delivered(load(HERE / "good.yaml").rubric, tmp_path) is None


def test_dockerfiles_alone_are_run_on_the_default_bridge(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "Dockerfile").write_text("FROM --platform=linux/amd64 nginx:stable AS x\nEXPOSE 80 81/tcp\n")
    evidence = as_delivered(load(HERE / "good.yaml").rubric, tmp_path)
    assert evidence
    (container,) = evidence.hosts["default"].snapshot.containers
    assert [port.number for port in container.exposed] == [80, 81]
    assert [endpoint.network for endpoint in container.endpoints] == ["bridge"]
