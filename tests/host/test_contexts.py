"""Docker contexts: where they lie, which one counts, and what TLS they ask for."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.host import contexts
from grader.host.remedies import USUAL


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give docker's configuration a folder of the test's own, in which there is no config.json."""
    own = tmp_path / "docker"
    monkeypatch.setenv("DOCKER_CONFIG", str(own))
    return own


def made(folder: Path, name: str, meta: object = None, **endpoint: Any) -> Path:
    """Write a context as docker does, and return the folder of its TLS material."""
    place = sha256(name.encode()).hexdigest()
    file = folder / "contexts/meta" / place / "meta.json"
    file.parent.mkdir(parents=True)
    usual = {"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}
    file.write_text(json.dumps(usual if meta is None else meta))
    return folder / "contexts/tls" / place / "docker"


def test_without_any_the_usual_socket_is_meant() -> None:
    assert contexts.current() == "default"
    assert contexts.names() == ["default"]
    assert contexts.endpoint("default") == (USUAL, False)


def test_a_context_needs_no_config_beside_it(folder: Path) -> None:
    made(folder, "mine", Host="unix:///mine.sock", SkipTLSVerify=False)
    assert contexts.names() == ["default", "mine"]
    assert contexts.endpoint("mine") == ("unix:///mine.sock", False)


def test_only_the_folder_that_is_named_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    at_home = tmp_path / ".docker"
    made(at_home, "home", Host="unix:///home.sock")
    (at_home / "config.json").write_text('{"currentContext": "home"}')
    assert (contexts.current(), contexts.names()) == ("default", ["default"])
    monkeypatch.delenv("DOCKER_CONFIG")
    assert (contexts.current(), contexts.names()) == ("home", ["default", "home"])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"currentContext": ""}', '{"currentContext": 7}', "{}"])
def test_a_config_that_names_no_context_means_the_default(text: str, folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(text)
    assert contexts.current() == "default"


def test_a_damaged_context_hides_no_other(folder: Path) -> None:
    made(folder, "mine", Host="unix:///mine.sock")
    made(folder, "broken", meta=[])
    assert contexts.names() == ["default", "mine"]
    assert contexts.endpoint("mine") == ("unix:///mine.sock", False)


@pytest.mark.parametrize(
    "meta", [[], {}, {"Endpoints": None}, {"Endpoints": {"kubernetes": {}}}, {"Endpoints": {"docker": "unix:///x"}}]
)
def test_a_context_that_leads_to_no_engine_is_told_by_name(meta: object, folder: Path) -> None:
    made(folder, "broken", meta=meta)
    with pytest.raises(UsageError, match="Docker context broken cannot be read"):
        contexts.endpoint("broken")


def test_an_unknown_context_is_told_with_those_that_exist(folder: Path) -> None:
    made(folder, "mine", Host="unix:///mine.sock")
    with pytest.raises(UsageError, match="no Docker context called nine") as fault:
        contexts.endpoint("nine")
    assert "mine" in fault.value.remedy


def test_a_context_that_may_not_be_read_is_no_unknown_one(folder: Path) -> None:
    made(folder, "mine", Host="unix:///mine.sock")
    file = next(folder.glob("contexts/meta/*/meta.json"))
    file.unlink()
    file.mkdir()  # which cannot be read by anybody, not even by root
    with pytest.raises(UsageError, match="context mine cannot be read") as fault:
        contexts.endpoint("mine")
    assert str(file) in fault.value.remedy


@pytest.mark.parametrize(
    ("files", "skip", "verify"),
    [
        (("ca", "cert", "key"), False, True),
        (("ca", "cert", "key"), True, False),
        (("ca",), False, True),
        ((), True, False),
    ],
    ids=["mutual", "mutual, unverified", "of the engine alone", "unverified"],
)
def test_tls_is_as_the_context_asks(files: tuple[str, ...], skip: bool, verify: bool, folder: Path) -> None:
    place = made(folder, "mine", Host="tcp://mine:2376", SkipTLSVerify=skip)
    place.mkdir(parents=True)
    for name in files:
        (place / f"{name}.pem").write_text("")
    url, tls = contexts.endpoint("mine")
    assert url == "tcp://mine:2376"
    assert (tls.verify, tls.ca_cert) == (verify, str(place / "ca.pem") if "ca" in files else None)
    assert bool(tls.cert) is ("cert" in files)
    assert "key" not in files or tls.cert == (str(place / "cert.pem"), str(place / "key.pem"))
