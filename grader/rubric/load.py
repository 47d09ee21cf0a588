"""From a file to a rubric; or to one error that names every line that is wrong, and how to mend it."""

from hashlib import sha256
from itertools import islice
from pathlib import Path

from yaml import Node

from grader.rubric import shape
from grader.rubric.model import Loaded, Role, Rubric
from grader.rubric.plain import YAML_TAG, Reading
from grader.rubric.problems import MOST, BrokenFile, Problem, at, at_index, error
from grader.rubric.references import homeless
from grader.rubric.sense import misfits
from grader.rubric.suggest import found, hint, listed
from grader.rubric.tree import LARGEST, compose, too_large
from grader.rubric.wording import keys_of


def load(path: Path) -> Loaded:
    """Return the rubric in the file; RubricError with file, line and column when it does not hold."""
    try:
        raw = _bytes(path)
        return _loaded(_decoded(raw), str(path), raw)
    except BrokenFile as broken:
        raise error(str(path), [broken.problem]) from broken


def loads(text: str, path: str) -> Loaded:
    """Return the rubric in the text; `path` is what errors and reports call it."""
    try:
        return _loaded(text, path, text.encode("utf-8", "surrogatepass"))
    except BrokenFile as broken:
        raise error(path, [broken.problem]) from broken


def _loaded(text: str, path: str, raw: bytes) -> Loaded:
    rubric = _rubric(text)
    if isinstance(rubric, Rubric):
        return Loaded(rubric=rubric, path=path, sha256=sha256(raw).hexdigest())
    raise error(path, rubric)


def _rubric(text: str) -> Rubric | list[Problem]:
    """Return the rubric, or everything that is wrong with it."""
    root = compose(text)
    if root is None or root.tag == YAML_TAG + "null":
        raise BrokenFile(Problem(1, 1, "the file is empty: a rubric begins with `version: 1`"))
    reading = Reading()
    data = reading.data(root)
    if not isinstance(data, dict):
        told = f"a rubric is a mapping with the keys {listed(keys_of(Rubric))}, not {found(root)}"
        return [at(root, told)]
    return _assembled(data, root, reading.problems)


def _assembled(data: shape.Data, root: Node, misread: list[Problem]) -> Rubric | list[Problem]:
    problems: list[Problem] = []
    head = shape.validated(shape.Head, data, root, "a rubric", problems)
    roles = shape.roles(data, root, problems)
    entries = shape.entries(data, root, problems)
    declared = data.get("roles")
    names = list(declared) if isinstance(declared, dict) else list(roles)
    problems += islice(misfits(entries, names, root), MOST + 1)
    if head is not None:
        problems += homeless(roles, entries, head.hosts, root)
    if problems or misread or head is None:
        seen = {each.position for each in misread}
        return misread + [each for each in problems if each.position not in seen]
    return _made(head, roles, entries)


def _made(head: Rubric, roles: dict[str, Role], entries: list[shape.Entry]) -> Rubric:
    return Rubric(
        version=head.version,
        title=head.title,
        teaches=head.teaches,
        lesson=head.lesson,
        pass_mark=head.pass_mark,
        requires=head.requires,
        hosts=head.hosts,
        equivalents=head.equivalents,
        roles=roles,
        checks=tuple(entry.check for entry in entries if entry.check),
    )


def _bytes(path: Path) -> bytes:
    """Return what is in the file, or too much of it by one byte."""
    try:
        if path.is_dir():  # asked first, since Windows calls it a lack of permission
            told = f"this is a folder: name a file, such as one of {listed(_rubrics_in(path))}"
            raise BrokenFile(Problem(1, 1, told))
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError as missing:
        raise BrokenFile(Problem(1, 1, f"there is no such file{_meant(path)}")) from missing
    except OSError as failure:
        raise BrokenFile(Problem(1, 1, f"the file cannot be read: {failure.strerror}")) from failure
    if len(raw) > LARGEST:
        raise BrokenFile(too_large())
    return raw


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = raw[: failure.start].decode("utf-8")
        told = f"the byte 0x{raw[failure.start]:02X} is not UTF-8: save the file as UTF-8"
        raise BrokenFile(at_index(before, len(before), told)) from failure


def _meant(path: Path) -> str:
    """Return the rubric beside the path that was probably meant."""
    names = _rubrics_in(path.parent)
    return f": {hint(path.name, names, f'the folder holds {listed(names)}')}" if names else ""


def _rubrics_in(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if each.suffix in (".yaml", ".yml"))
    except OSError:
        return []
