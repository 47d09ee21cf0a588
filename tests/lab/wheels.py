"""Python wheels for the images, whose Python is not this machine's."""

import platform
import sys
from pathlib import Path

from .run import run

# What the lessons' requirements.txt may pin: images can install these versions and no others.
FLASK = "flask==3.1.3"
PYMONGO = "pymongo==4.20.0"
SECANTUSDB = "secantusdb==0.7.0b3"
PINS = [FLASK, PYMONGO, SECANTUSDB]

_BASELINES = ["manylinux_2_17", "manylinux2014", "manylinux_2_28"]
_PLATFORMS = [f"--platform={baseline}_{platform.machine()}" for baseline in _BASELINES]
_TARGET = ["--only-binary=:all:", "--implementation=cp", "--python-version=3.13", *_PLATFORMS]


def download(into: Path, *requirements: str) -> None:
    """Fetch the wheels of these requirements and of all that they need."""
    _pip("download", "--dest", str(into), *requirements)


def install(into: Path, *requirements: str) -> None:
    """Unpack these requirements into a folder; the image compiles them, for this Python is another one."""
    _pip("install", "--no-compile", "--target", str(into), *requirements)


def _pip(command: str, *args: str) -> None:
    run([sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", *_TARGET, *args])
