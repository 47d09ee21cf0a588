"""Which exercises have changed since a commit, as git tells."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from grader.errors import UsageError

_FOLDERS = ("exercises", "reference_solution")


def changed_exercises(root: Path, names: Iterable[str], ref: str) -> tuple[str, ...]:
    """Return the exercises of which a file differs from where the work branched off from `ref`, new files included."""
    if ref.startswith("-"):
        raise UsageError(f"--changed-since {ref}: that is no commit", "name a branch, a tag or a commit")
    base = "".join(_git(root, ["merge-base", ref, "HEAD"], ref)).strip()
    paths = [
        *_git(root, ["diff", "--name-only", "--no-renames", "-z", "--relative", base, "--"], ref),
        *_git(root, ["ls-files", "--others", "--exclude-standard", "-z"], ref),
    ]
    touched = {name for path in paths if (name := _exercise(PurePosixPath(path)))}
    return tuple(name for name in names if name in touched)


def _exercise(path: PurePosixPath) -> str | None:
    """Return the exercise that a file of the course belongs to."""
    match path.parts:
        case ("rubrics", file):
            return file.removesuffix(".yaml")
        case (folder, name, *_) if folder in _FOLDERS:
            return name
        case _:
            return None


def _git(root: Path, words: Sequence[str], ref: str) -> list[str]:
    try:
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, check=False)
    except FileNotFoundError as fault:
        raise UsageError(
            "--changed-since asks git, which is not installed", "install it, or check the whole course"
        ) from fault
    if done.returncode:
        said = (
            done.stderr.decode(errors="replace").strip().splitlines() or ["it has no commit in common with this one"]
        )[0]
        raise UsageError(f"--changed-since {ref}: {said}", _remedy(said))
    return [word for word in done.stdout.decode(errors="surrogateescape").split("\0") if word]


def _remedy(said: str) -> str:
    if "not a git repository" in said:
        return "run it in a clone of the course's repository, or check the whole course"
    if "dubious ownership" in said:
        return "the folder belongs to somebody else: git config --global --add safe.directory FOLDER trusts it"
    return "name a commit that this clone has; in a pipeline, fetch the whole history (fetch-depth: 0)"
