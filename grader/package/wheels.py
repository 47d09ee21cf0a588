"""The wheels that a machine without internet installs grade from: our own, and those of what it needs."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import grader
from grader.errors import UsageError

NAME = "grade-docker-labs"
LINUX = ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_28_x86_64")
_NOT_PACKED = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def collect(into: Path, pythons: Sequence[str], platforms: Sequence[str]) -> list[Path]:
    """Put the wheels for these versions of Python and platforms into a folder, and pip's own, which installs them.

    Without platforms they are those of this machine. UsageError says what pip has against it.
    """
    own = _own_wheel(into)
    for python in pythons or (f"{sys.version_info[0]}.{sys.version_info[1]}",):
        target = ["--python-version", python, "--implementation", "cp", *(f"--platform={name}" for name in platforms)]
        _pip(["download", "--only-binary=:all:", "--dest", str(into), *target, str(own), "pip"])
    return sorted(into.glob("*.whl"))


def _own_wheel(into: Path) -> Path:
    """Return our wheel: built from the checkout that we run in, or put together again from what was installed."""
    root = Path(grader.__file__).parents[1]
    if not (root / "pyproject.toml").is_file():
        return _packed(into)
    isolated = [] if find_spec("hatchling") is None else ["--no-build-isolation"]
    _pip(["wheel", "--no-deps", *isolated, "--wheel-dir", str(into), str(root)])
    (built,) = into.glob("grade_docker_labs-*.whl")
    return built


def _packed(into: Path) -> Path:
    """Return a wheel of the files that this installation was made of; it is pure Python, so nothing is lost."""
    try:
        installed = distribution(NAME)
    except PackageNotFoundError as missing:
        raise UsageError(
            f"{NAME} was not installed as a package, so there is no wheel of it", "install it with pip"
        ) from missing
    info = f"grade_docker_labs-{installed.version}.dist-info"
    target = into / f"grade_docker_labs-{installed.version}-py3-none-any.whl"
    record = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in sorted(_contents(installed, info)):
            wheel.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}")
        wheel.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,", ""]))
    return target


def _contents(installed: Distribution, info: str) -> list[tuple[str, bytes]]:
    """Return the files within the package and its metadata; scripts lie outside, and pip makes them anew."""
    files = [file for file in installed.files or () if file.parts[0] in ("grader", info)]
    kept = (file for file in files if file.suffix != ".pyc" and file.name not in _NOT_PACKED)
    return [(file.as_posix(), Path(str(file.locate())).read_bytes()) for file in kept]


def _pip(words: Sequence[str]) -> None:
    if find_spec("pip") is None:
        raise UsageError("the wheels are fetched by pip, which this installation lacks", "python -m ensurepip")
    command = [sys.executable, "-m", "pip", *words, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PIP_NO_INPUT": "1"})
    if done.returncode:
        complaint = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["it says nothing"]
        raise UsageError(
            f"pip {words[0]} failed: {complaint[-1].removeprefix('ERROR: ')}",
            "mend that, and try again; --python and --platform choose other wheels",
        )
