"""What holds for any text and for any rubric."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import RubricError
from grader.rubric.load import load, loads
from grader.rubric.model import Rubric

FLAGSHIP = Path(__file__).parents[2] / "rubrics" / "flask-nginx-mongo.yaml"
TEXT = FLAGSHIP.read_text(encoding="utf-8")
ENTRIES = [index for index, line in enumerate(TEXT.splitlines()) if line.startswith("  - id: ")]

NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
PORTS = st.integers(1, 65535)
SOME_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "S")), max_size=30)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
)
LINES = ["version: 1", "title: T", "roles:", "  web: {}", "checks:", "- id: a", "  kind: http", "  role: web"]
SIGNS = [
    "{",
    "}",
    "[",
    "]",
    "&a",
    "*a",
    "<<: *a",
    "'",
    '"',
    "---",
    "...",
    "!!int x",
    "? ",
    ": ",
    "- ",
    "|",
    ">",
    "#",
]
ODD = ["no", "22:22", "0777", ".inf", "~", "\t", "\x00", "\x85", "\u2028", "%YAML 1.1", "@", "  needs: [a]"]
FRAGMENTS = st.lists(st.sampled_from([*LINES, *SIGNS, *ODD]))


@st.composite
def rubrics(draw: st.DrawFn) -> dict[str, object]:
    """Draw a sound rubric as plain data."""
    roles = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    role = st.sampled_from(roles)
    ids = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    checks = [draw(_checks(role, index, name, ids[:index])) for index, name in enumerate(ids)]
    return {
        "version": 1,
        "title": draw(SOME_TEXT.filter(bool)),
        "pass_mark": draw(st.integers(0, 100)),
        "roles": {name: draw(st.fixed_dictionaries({}, optional={"image": NAMES, "listens": PORTS})) for name in roles},
        "checks": checks,
    }


@st.composite
def _checks(draw: st.DrawFn, role: st.SearchStrategy[str], index: int, name: str, before: list[str]) -> object:
    """Draw a check that is unlike the others, since the index is part of what it demands."""
    kinds = [
        {"kind": st.just("network"), "network": st.just(f"net-{index}"), "internal": st.booleans()},
        {"kind": st.just("resolves"), "from": role, "to": role, "name": st.just(f"name-{index}")},
        {"kind": st.just("reaches"), "from": role, "to": role, "port": st.just(1000 + index)},
        {
            "kind": st.just("http"),
            "role": role,
            "path": st.just(f"/{index}"),
            "status": st.lists(st.integers(100, 599), min_size=1),
        },
    ]
    common = {
        "id": st.just(name),
        "points": st.integers(1, 100_000).map(lambda cents: cents / 100),
        "title": SOME_TEXT,
        "brief": SOME_TEXT,
        "hints": st.lists(SOME_TEXT, max_size=3),
        "needs": st.lists(st.sampled_from(before), unique=True) if before else st.just([]),
        "partial": st.booleans(),
    }
    return draw(st.fixed_dictionaries(common | draw(st.sampled_from(kinds))))


def _refused(text: str) -> None:
    """Load the text; whatever is raised but a RubricError ends the test."""
    with suppress(RubricError):
        loads(text, "r.yaml")


@given(st.text() | FRAGMENTS.map("\n".join) | FRAGMENTS.map("".join))
@settings(max_examples=200, deadline=None)
@example("\ud800")
@example("[" * 200_000)
@example('"\\ud800": 1')
@example("? - a\n: b")
@example("!!float _: 1")
@example("!!int '': !!bool maybe")
@example(f"version: {'9' * 5000}")
@example(f"version: 0x{'f' * 5000}")
def test_no_text_brings_anything_but_a_rubric_error(text: str) -> None:
    _refused(text)


@given(TREES)
@settings(max_examples=100, deadline=None)
def test_no_tree_brings_anything_but_a_rubric_error(tree: object) -> None:
    _refused(yaml.safe_dump(tree, allow_unicode=True))


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(max_size=5) | FRAGMENTS.map("".join))
@settings(max_examples=100, deadline=None)
def test_no_slip_of_the_hand_brings_anything_but_a_rubric_error(start: int, gone: int, typed: str) -> None:
    _refused(TEXT[:start] + typed + TEXT[start + gone :])


@given(raw=st.binary(max_size=200))
@settings(deadline=None)
def test_no_file_brings_anything_but_a_rubric_error(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    with pytest.raises(RubricError, match=r"any\.yaml:\d+:\d+: "):
        load(path)


@given(rubrics(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_sound_rubric_survives_the_way_to_yaml_and_back(data: dict[str, object], flow: bool) -> None:
    first = loads(yaml.safe_dump(data, sort_keys=False, default_flow_style=flow), "r.yaml").rubric
    assert (first.title, first.pass_mark) == (data["title"], data["pass_mark"])
    assert loads(_dumped(first), "r.yaml").rubric == first


def test_the_flagship_survives_the_way_to_yaml_and_back() -> None:
    rubric = load(FLAGSHIP).rubric
    assert loads(_dumped(rubric), "r.yaml").rubric == rubric


@given(st.sampled_from(ENTRIES), st.integers(1, 4), st.sampled_from(["rolee", "zzz", "Points", "source"]))
@settings(deadline=None)
def test_an_unknown_key_is_told_at_its_own_line(entry: int, below: int, key: str) -> None:
    lines = TEXT.splitlines()
    lines.insert(entry + below, f"    {key}: 1")
    with pytest.raises(RubricError) as caught:
        loads("\n".join(lines), "r.yaml")
    (told,) = str(caught.value).splitlines()
    assert told.startswith(f"r.yaml:{entry + below + 1}:5: ")
    assert f"`{key}`" in told


def _dumped(rubric: Rubric) -> str:
    plain = json.loads(rubric.model_dump_json(by_alias=True, exclude_none=True))
    checks = [check | {"points": float(check["points"])} for check in plain["checks"]]
    return yaml.safe_dump(plain | {"pass_mark": float(plain["pass_mark"]), "checks": checks}, allow_unicode=True)
