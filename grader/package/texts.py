"""The scripts that go into the archives."""

from importlib.resources import files


def text(name: str) -> str:
    """Return the text of one of the files beside this module."""
    return (files("grader.package") / "files" / name).read_text(encoding="utf-8")
