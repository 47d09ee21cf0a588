"""What the rules of the lint may look at."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from grader.checks.base import Check
from grader.rubric.model import Loaded, Rubric
from grader.rubric.places import Places
from grader.rubric.positions import Step
from grader.verify.demands import Demands


class Subject:
    """An exercise under examination: its rubric, where the parts of that stand, and the folder of its brief."""

    def __init__(self, loaded: Loaded, text: str, folder: Path) -> None:
        self.loaded = loaded
        self.places = Places(text)
        self.folder = folder

    @property
    def rubric(self) -> Rubric:
        """The rubric itself."""
        return self.loaded.rubric

    @cached_property
    def demands(self) -> Demands:
        """What its checks demand together."""
        return Demands(self.rubric)

    @property
    def brief_file(self) -> Path:
        """Where the brief has to be."""
        return self.folder / "brief.md"

    @cached_property
    def brief(self) -> str | None:
        """The text that learners read, None where there is none."""
        try:
            return self.brief_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    @property
    def scoring(self) -> Iterator[Check]:
        """The checks that earn something."""
        return (check for check in self.rubric.checks if check.points)

    def line(self, check: Check) -> int:
        """Return the line on which a check begins."""
        return self.places.check(self._index(check))[0]

    def at(self, check: Check, *path: Step) -> tuple[int, int]:
        """Return where a check begins, or what stands at a path within it."""
        return self.places.check(self._index(check), *path)

    def _index(self, check: Check) -> int:
        return next(index for index, each in enumerate(self.rubric.checks) if each is check)
