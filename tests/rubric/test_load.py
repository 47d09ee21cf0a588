"""From a file on disk to a rubric."""

from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from grader.checks.http import HttpCheck
from grader.errors import RubricError
from grader.rubric import tree
from grader.rubric.load import load, loads
from grader.rubric.model import Role, Rubric

TEXT = """version: 1
title: Café
roles: {web: {image: nginx}}
checks:
  - {id: page, kind: http, role: web, from: web, status: [200, 304], points: 7.10, hints: [look, {QUOTED}]}
""".replace("{QUOTED}", '"no"')


def test_a_file_becomes_a_rubric_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    loaded = load(path)
    assert loaded.path == str(path)
    assert loaded.sha256 == sha256(path.read_bytes()).hexdigest()
    assert type(loaded.rubric) is Rubric
    assert loaded.rubric.roles == {"web": Role(image="nginx")}
    assert loaded.rubric.pass_mark == 80
    (check,) = loaded.rubric.checks
    assert isinstance(check, HttpCheck)
    assert (check.points, check.source, check.ladder()) == (Decimal("7.1"), "web", ("look", "no"))


def test_a_byte_order_mark_takes_no_column() -> None:
    with pytest.raises(RubricError, match=r"^r\.yaml:1:10: "):
        loads("\ufeffversion: 2\n" + TEXT.partition("\n")[2], "r.yaml")


def test_a_date_is_text() -> None:
    assert loads(TEXT.replace("Café", "2026-10-03"), "r.yaml").rubric.title == "2026-10-03"


def test_an_alias_is_followed() -> None:
    text = TEXT.replace("[look, ", "[&a look, *a, ")
    assert loads(text, "r.yaml").rubric.checks[0].ladder() == ("look", "look", "no")


def test_faults_name_the_file_that_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text("version: 2\n")
    assert _said(path).splitlines()[-1] == f"{path}:1:10: `version` has to be 1, not `2`"


def test_a_missing_file_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "flask-nginx-mongo.yaml").touch()
    path = tmp_path / "flask-nginx.yaml"
    assert _said(path) == f"{path}:1:1: there is no such file: did you mean `flask-nginx-mongo.yaml`?"


def test_a_missing_file_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").touch()
    (tmp_path / "two.yml").touch()
    path = tmp_path / "zzzzzzzz"
    assert _said(path) == f"{path}:1:1: there is no such file: the folder holds one.yaml, two.yml"


def test_a_missing_folder_offers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none" / "lab.yaml"
    assert _said(path) == f"{path}:1:1: there is no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").touch()
    said = f"{tmp_path}:1:1: this is a folder: name a file, such as one of lab.yaml"
    assert _said(tmp_path) == said


def test_a_file_that_is_not_in_utf_8_is_told_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_bytes("version: 1\ntitle: Ä Café\n".encode("latin-1"))
    assert _said(path) == f"{path}:2:8: the byte 0xC4 is not UTF-8: save the file as UTF-8"


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 300)
    assert _said(path) == f"{path}:1:1: the file cannot be read: File name too long"


def test_a_large_file_is_not_even_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    with path.open("wb") as file:
        file.truncate(10**12)
    assert _said(path) == f"{path}:1:1: the file is larger than 1 MB: is it a rubric?"


def test_the_parser_of_libyaml_is_used_where_there_is_one() -> None:
    assert issubclass(tree._PARSER, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)


def _said(path: Path) -> str:
    with pytest.raises(RubricError) as caught:
        load(path)
    return str(caught.value)
