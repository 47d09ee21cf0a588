"""Files of evidence: written whole or not at all, and read with suspicion."""

import json
from pathlib import Path

from pydantic import ValidationError

from grader.errors import EvidenceError
from grader.files import write_whole
from grader.models.evidence import Evidence

_SCHEMA = "grade/evidence/v1"
_LARGEST = 64 * 2**20
_MOST_CONTAINERS = 250
"""A grade looks at a few for each role; the time that judging takes grows with their square."""


def save(evidence: Evidence, path: Path) -> None:
    """Write a file of evidence; OutputError when that is impossible, and then an older file is left as it was."""
    # Without a learner the file is what it was before there were any, and older versions read it.
    unsaid = {"learner"} if evidence.learner is None else None
    write_whole(path, evidence.model_dump_json(by_alias=True, indent=1, exclude=unsaid) + "\n")


def load(path: Path) -> Evidence:
    """Return the evidence in a file; EvidenceError says what is wrong with it."""
    try:
        if path.stat().st_size > _LARGEST:
            raise EvidenceError(f"{path} is larger than any evidence", "name a file that grade snapshot wrote")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise EvidenceError(f"{path} is no text", "name a file that grade snapshot wrote") from fault
    except OSError as fault:
        raise EvidenceError(f"{path} cannot be read: {fault.strerror}", "check the path") from fault
    return parsed(path, text)


def parsed(path: Path | str, text: str) -> Evidence:
    """Return the evidence in a text, which errors call by this path."""
    remedy = "take the evidence again with grade snapshot"
    if not text.strip():
        raise EvidenceError(f"{path} is empty", remedy)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise EvidenceError(f"{path} is damaged or cut short: {fault}", remedy) from fault
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != _SCHEMA:
        newer = str(schema).startswith(_SCHEMA.rstrip("0123456789"))
        raise EvidenceError(
            f"{path} holds {schema or 'something else'}, not {_SCHEMA}",
            "update grade, or judge it with the version that wrote it" if newer else "name a file of grade snapshot",
        )
    try:
        evidence = Evidence.model_validate(raw)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise EvidenceError(f"{path} is damaged at {where}: {first['msg']}", remedy) from fault
    if not evidence.hosts:
        raise EvidenceError(f"{path} holds no engine", remedy)
    if any(len(host.snapshot.containers) > _MOST_CONTAINERS for host in evidence.hosts.values()):
        raise EvidenceError(f"{path} holds more containers than any evidence", "name a file that grade snapshot wrote")
    return evidence
