"""What a starter says that it needs, and what is said of one that cannot be read."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.package.starter import fetching, installations, starter_images


def dockerfile(folder: Path, text: str) -> Path:
    (folder / "Dockerfile").write_text(text)
    return folder


def test_the_starter_tells_which_images_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    dockerfile(tmp_path / "a", "FROM --platform=linux/amd64 python:3.13-slim AS made\nFROM made\nFROM scratch\n")
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web: {image: 'nginx:${TAG:-stable}'}\n  own: {image: mine, build: a}\n"
        "  other: {build: a}\n  todo:\n"
    )
    assert starter_images(tmp_path) == ["python:3.13-slim", "nginx:stable"]


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("ARG V=3.13\nFROM python:${V}-slim\n", ["python:3.13-slim"]),
        ("ARG R=a/ V=1\nARG BASE=${R}b:$V\nFROM $BASE AS x\nFROM x\n", ["a/b:1"]),
        ("FROM nginx:${V:-alpine}\n", ["nginx:alpine"]),
        ("FROM a AS Build\nFROM b\nCOPY --from=build /x /\n", ["a", "b"]),
        ("FROM a\nCOPY --chown=1 --from=busybox /bin/nc /\n", ["a", "busybox"]),
        ("FROM a\nFROM b\nCOPY --from=0 /x /\n", ["a", "b"]),
        ("FROM a\nRUN --mount=type=bind,from=tools,target=/t true\n", ["a", "tools"]),
        ("FROM \\\n  # why\n  a\n", ["a"]),
        ("FROM a\nRUN <<END\nFROM not-an-image\nEND\nCOPY --from=b / /\n", ["a", "b"]),
        ("# escape=`\nFROM a\n", ["a"]),
    ],
)  # fmt: skip
def test_images_are_found_wherever_a_dockerfile_names_them(tmp_path: Path, text: str, images: list[str]) -> None:
    assert starter_images(dockerfile(tmp_path, text)) == images


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("pip install --no-cache-dir -r requirements.txt", [("-r", "requirements.txt")]),
        ("apt-get update \\\n # why\n && pip3 install \\\n  flask==3.1 'redis>=5'", [("flask==3.1", "redis>=5")]),
        ("python3 -m pip install -q --target /x -U pip && /v/bin/pip install a", [("pip",), ("a",)]),
        ("pip install --requirement=/app/requirements.txt -c limits.txt", [("-r", "requirements.txt")]),
        ("pip install --index-url http://mirror/ --pre a", [("--index-url", "http://mirror/", "--pre", "a")]),
        ('["pip", "install", "a"]', [("a",)]),
        ("<<END\npip install a\nEND", [("a",)]),
        ("pip install flask==$FLASK", [("flask==3",)]),
        ("pip install -e . /wheel.whl", []),
        ("apt-get install python3-pip; pip list", []),
    ],
)
def test_what_pip_installs_is_known(tmp_path: Path, run: str, words: list[tuple[str, ...]]) -> None:
    (tmp_path / "requirements.txt").write_text("a\n")
    dockerfile(tmp_path, f"ARG V=3\nFROM python:$V AS base\nFROM base\nENV FLASK=3\nRUN {run}\n")
    found = installations(tmp_path)
    told = [tuple("-r" if word == "--requirement" else word for word in each.words) for each in found]
    assert told == words
    assert {(each.image, each.folder) for each in found} <= {("python:3", tmp_path)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("RUN pip install a\n", []),
        ("RUN apt-get update \\\n && apt-get install -y \\\n curl\n", ["apt-get"]),
        ("RUN set -e; \\\n  wget http://x\n", ["wget"]),
        ("RUN echo curl-less > /etc/apt\n", []),
        ("RUN pip install \\\n -r gone.txt .\n", ["pip install -r gone.txt", "pip install ."]),
        ("COPY a b\nRUN npm \\\n ci\n", ["npm"]),
    ],
)  # fmt: skip
def test_what_an_archive_cannot_bring_is_said(tmp_path: Path, text: str, told: list[str]) -> None:
    assert fetching(dockerfile(tmp_path, f"FROM a\n{text}")) == [f"Dockerfile fetches with {each}" for each in told]


def test_an_address_in_a_list_is_asked_whatever_the_archive_brings(tmp_path: Path) -> None:
    (tmp_path / "all.txt").write_text(
        "# see http://x\n--index-url http://y\nflask==3.1 # http://z\nmine @ git+https://w\n"
    )
    dockerfile(tmp_path, "FROM a\nRUN pip install -r all.txt 'own@http://v'\n")
    assert fetching(tmp_path) == [
        "Dockerfile fetches with pip install mine @ git+https://w",
        "Dockerfile fetches with pip install own@http://v",
    ]


def test_a_frontend_comes_from_a_registry(tmp_path: Path) -> None:
    dockerfile(tmp_path, "# syntax=docker/dockerfile:1\nFROM a\n")
    assert fetching(tmp_path) == ["Dockerfile fetches with # syntax=docker/dockerfile:1"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("compose.yaml", b"services: {web: [}\n", "compose.yaml:1: "),
        ("compose.yaml", b"services: [web]\n", "has no services by name"),
        ("compose.yaml", b"- web\n", "has no services by name"),
        ("compose.yaml", b"services: {web: {image: '${TAG}'}}\n", "depends on TAG"),
        ("compose.yaml", b"name: \xff\n", "no text in UTF-8"),
        ("Dockerfile", b"FROM a\nLABEL who=\xe9\n", "no text in UTF-8"),
        ("Dockerfile", b"ARG V\nFROM python:${V}-slim\n", "depends on V, which has no value there"),
        ("Dockerfile", b"FROM\n", "names no image"),
    ],
)
def test_a_starter_that_cannot_be_read_is_one_clear_error(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError) as caught:
        starter_images(tmp_path)
    assert told in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)
