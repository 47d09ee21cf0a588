"""From a file to a roster; or to one error that names every line that is wrong."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from yaml import MappingNode, Mark, Node, ScalarNode, SequenceNode

from grader.batch.roster import SSH_ONLY, Learner, Place, Roster, engines_of, rows_of
from grader.errors import RosterError, UsageError
from grader.host.address import Address
from grader.host.connect import check_url
from grader.host.ssh import server
from grader.rubric.plain import YAML_TAG, Reading
from grader.rubric.positions import value_at, values_of
from grader.rubric.problems import MOST, BrokenFile, Problem, at
from grader.rubric.shape import validated
from grader.rubric.suggest import hint, listed, quoted
from grader.rubric.tree import compose

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")
_HOST_KEY = re.compile(r"(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}={0,2}( \S.*)?")
_LARGEST = 4_000_000
_PAIRS = ("hosts", "roles")
"""The columns of a CSV file that hold NAME=VALUE pairs, with blanks or semicolons between them."""
_TLS_FILES = ("ca.pem", "cert.pem", "key.pem")


def load_roster(path: Path) -> Roster:
    """Return the roster in a file; RosterError with file and line for all that does not hold."""
    text = _text(path)
    problems: list[Problem] = []
    try:
        nodes = _csv_rows(text, problems) if path.suffix.lower() == ".csv" else _yaml_rows(text, problems)
        places = [place for node in nodes if (place := _place(node, path.parent.absolute(), problems))]
    except BrokenFile as broken:
        raise _error(path, [broken.problem]) from broken
    problems += _twice(places, nodes)
    if problems:
        raise _error(path, problems)
    if not places:
        raise RosterError(f"{path} names no learner", "each needs an id and a host: learners: [{id: s001, host: …}]")
    return Roster(path, tuple(places))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise RosterError(f"{path} is larger than any roster", "name a YAML or CSV file with learners")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise RosterError(f"{path} is no text in UTF-8", "save it as UTF-8") from fault
    except OSError as fault:
        raise RosterError(f"{path} cannot be read: {fault.strerror}", "check the path") from fault


def _error(path: Path, problems: Iterable[Problem]) -> RosterError:
    told = sorted(set(problems))
    lines = [f"{path}:{each.line}:{each.column}: {each.text}" for each in told[:MOST]]
    return RosterError("\n".join([*lines, *["and more"] * (len(told) > MOST)]), "nothing was connected to yet")


def _yaml_rows(text: str, problems: list[Problem]) -> list[Node]:
    root = compose(text)
    if not isinstance(root, MappingNode) or "learners" not in values_of(root):
        raise BrokenFile(Problem(1, 1, "a roster begins with `learners:` and lists them: - {id: s001, host: …}"))
    for key, value in root.value:
        if key.value != "learners":
            problems.append(at(key, f"a roster has no key {quoted(str(key.value))}: its one key is `learners`"))
        elif not isinstance(value, SequenceNode):
            problems.append(at(value, "`learners` has to be a list: begin each item with `- `"))
    return rows_of(root)


def _csv_rows(text: str, problems: list[Problem]) -> list[Node]:
    """Return the rows as YAML nodes that know their lines, so that both kinds of file are held against one model."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        head = _head(next(reader, []), problems)
        rows: list[Node] = []
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(_row(head, row, line, problems))
            line = reader.line_num + 1
    except csv.Error as fault:
        raise BrokenFile(Problem(reader.line_num, 1, f"this is no CSV: {fault}")) from fault
    return rows


def _head(cells: list[str], problems: list[Problem]) -> list[str]:
    """Return the names of the columns, as a spreadsheet may have them; what is wrong with them is told once."""
    head = [cell.strip().lower() for cell in cells]
    if "id" not in head:
        raise BrokenFile(Problem(1, 1, "the first line has to name the columns, among them `id` and `host`"))
    for name in dict.fromkeys(filter(None, head)):
        if name not in Learner.model_fields:
            known = f"the columns are {listed(Learner.model_fields)}"
            problems.append(
                Problem(1, 1, f"there is no column {quoted(name)}: {hint(name, Learner.model_fields, known)}")
            )
        elif head.count(name) > 1:
            problems.append(Problem(1, 1, f"the column {quoted(name)} is there twice"))
    return [name if name in Learner.model_fields else "" for name in head]


def _row(head: list[str], row: list[str], line: int, problems: list[Problem]) -> MappingNode:
    here = Mark("roster", 0, line - 1, 0, None, 0)
    if len(row) > len(head):
        problems.append(Problem(line, 1, f"this line has {len(row)} cells, and the first line names {len(head)}"))
    filled = [(name, cell.strip()) for name, cell in zip(head, row, strict=False) if name and cell.strip()]
    for name, cell in filled:
        if name in _PAIRS and (odd := next((word for word in _words(cell) if not all(word.partition("="))), None)):
            problems.append(Problem(line, 1, f"`{name}` holds {quoted(odd)}: write it as NAME=VALUE"))
    pairs = [(_scalar(name, here), _cell(name, cell, here)) for name, cell in filled]
    return MappingNode(YAML_TAG + "map", pairs, here, here)


def _cell(name: str, cell: str, here: Mark) -> Node:
    if name in _PAIRS:
        words = (word.partition("=") for word in _words(cell))
        pairs = [(_scalar(key, here), _scalar(value, here)) for key, _, value in words]
        return MappingNode(YAML_TAG + "map", pairs, here, here)
    return _scalar(cell, here, "int" if name == "port" and cell.isdecimal() else "str")


def _words(cell: str) -> list[str]:
    return [word for word in re.split(r"[;\s]+", cell) if word]


def _scalar(text: str, here: Mark, tag: str = "str") -> ScalarNode:
    return ScalarNode(YAML_TAG + tag, text, here, here)


def _place(node: Node, folder: Path, problems: list[Problem]) -> Place | None:
    reading = Reading()
    data = reading.data(node)
    problems += reading.problems
    if not isinstance(data, dict):
        problems.append(at(node, "a learner is a mapping with at least an id and a host: {id: s001, host: …}"))
        return None
    learner = validated(Learner, data, node, "a learner", problems)
    if learner is None:
        return None
    problems += _misfits(learner, node, folder)
    return Place(learner, at(node, "").line, engines_of(learner, folder))


def _misfits(learner: Learner, node: Node, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with a learner beyond types."""
    if not _ID.fullmatch(learner.id):
        told = f"the id {quoted(learner.id)} is to name files: letters, digits and . _ @ + - will do"
        yield at(value_at(node, ("id",)), told)
    if learner.host and learner.hosts:
        yield at(value_at(node, ("hosts",)), "there are both `host` and `hosts`: one of them will do")
    for key in (learner.host_key,) if isinstance(learner.host_key, str) else learner.host_key:
        if key and not _HOST_KEY.fullmatch(key):
            yield at(value_at(node, ("host_key",)), "a host key is written as TYPE KEY: ssh-ed25519 AAAA…")
    engines = engines_of(learner, folder).values()
    by_ssh = any((address.url or "").startswith("ssh://") for address in engines)
    if engines and not by_ssh and (odd := next((key for key in SSH_ONLY if getattr(learner, key)), None)):
        yield at(value_at(node, (odd,)), f"`{odd}` belongs to an ssh server, and the host is none")
    for address in engines:
        yield from _unusable(address, node)


def _unusable(address: Address, node: Node) -> Iterator[Problem]:
    try:
        if address.url and "://" in address.url:
            check_url(address.url)
    except UsageError as fault:
        yield at(value_at(node, ("host",)), f"{fault.message}: {fault.remedy}")
        return
    try:
        if address.jump:
            server(f"ssh://{address.jump}")
        if address.url and address.url.startswith("ssh://"):
            server(address.url)
    except UsageError as fault:
        yield at(value_at(node, ("jump" if address.jump else "host",)), f"{fault.message}: {fault.remedy}")
    if address.key and not address.key.is_file():
        yield at(value_at(node, ("key",)), f"there is no file {address.key}")
    if address.tls and (missing := [name for name in _TLS_FILES if not (address.tls / name).is_file()]):
        yield at(value_at(node, ("tls",)), f"{address.tls} lacks {', '.join(missing)}")
    if address.tls and not (address.url or "").startswith(("tcp://", "https://")):
        yield at(value_at(node, ("tls",)), "TLS belongs to an engine at tcp://HOST:2376")


def _twice(places: list[Place], nodes: list[Node]) -> Iterator[Problem]:
    """Yield ids that are there already; whatever their case, since some systems see no difference in file names."""
    seen: dict[str, Place] = {}
    rows = {at(node, "").line: node for node in nodes}
    for place in places:
        first = seen.setdefault(place.learner.id.lower(), place)
        if first is not place:
            where = value_at(rows[place.line], ("id",))
            yield at(where, f"the id {quoted(place.learner.id)} is there already, on line {first.line}")
