"""What is remembered between two runs: whole or not at all, and never in the way."""

from pathlib import Path

import pytest

from grader import state


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "grade"


def test_what_was_written_is_read_again(folder: Path) -> None:
    assert state.folder() == folder
    assert state.read("hints.json") == {}
    assert state.write("hints.json", {"größe": 1})
    assert state.write("hints.json", {"größe": 2})
    assert state.read("hints.json") == {"größe": 2}
    assert [path.name for path in folder.iterdir()] == ["hints.json"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b"\xff\xfe", b'{"a": 1', b"[" * 100_000])
def test_a_damaged_file_counts_as_empty_and_is_replaced(folder: Path, damage: bytes) -> None:
    folder.mkdir()
    (folder / "hints.json").write_bytes(damage)
    assert state.read("hints.json") == {}
    assert state.write("hints.json", {"a": 1})
    assert state.read("hints.json") == {"a": 1}


def test_a_folder_in_the_way_stops_nothing(folder: Path) -> None:
    (folder / "hints.json").mkdir(parents=True)
    assert state.read("hints.json") == {}
    assert not state.write("hints.json", {"a": 1})


def test_a_file_where_the_folder_should_be_stops_nothing(folder: Path) -> None:
    folder.write_text("mine")
    assert state.read("hints.json") == {}
    assert not state.write("hints.json", {"a": 1})
    assert folder.read_text() == "mine"
