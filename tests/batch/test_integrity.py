"""Two learners with the same containers or the same file are pointed out; cloned machines alone are not."""

from pathlib import Path

from grader import store
from grader.batch.integrity import Flag, flags
from grader.models.evidence import Evidence
from tests.batch.books import filled
from tests.batch.hosts import EXERCISE, RIGHT, WRONG, grade


def made_anew(evidence: Evidence, letter: str, engine: str = "same") -> Evidence:
    """Return the same build with containers of its own, on an engine of this id."""
    text = evidence.model_dump_json(by_alias=True)
    for host in evidence.hosts.values():
        for container in host.snapshot.containers:
            text = text.replace(container.id, letter + container.id[1:])
        text = text.replace(f'"id":"{host.snapshot.engine.id}"', f'"id":"{engine}"')
    return store.parsed("made", text)


def test_the_same_evidence_under_two_learners_is_flagged(tmp_path: Path) -> None:
    with filled(tmp_path, {"a": WRONG, "b": RIGHT, "c": WRONG}) as book:
        assert flags(book) == [Flag(("a", "c"), (EXERCISE,), "the same evidence")]


def test_the_same_containers_at_another_time_are_flagged(tmp_path: Path) -> None:
    evidence = store.load(WRONG)
    (host,) = evidence.hosts.values()
    later = host.model_copy(update={"observations": host.observations[:-1]})
    other = evidence.model_copy(update={"hosts": {"default": later}})
    with filled(tmp_path, {"a": evidence, "b": other}) as book:
        (flag,) = flags(book)
    assert (flag.learners, flag.what) == (("a", "b"), f"{len(host.snapshot.containers)} containers with the same ids")


def test_one_engine_id_on_cloned_machines_is_no_sign(tmp_path: Path) -> None:
    evidence = store.load(WRONG)
    with filled(tmp_path, {"a": made_anew(evidence, "a"), "b": made_anew(evidence, "b")}) as book:
        assert flags(book) == []


def test_two_empty_engines_are_no_sign(tmp_path: Path) -> None:
    evidence = store.load(WRONG)
    (host,) = evidence.hosts.values()
    bare = host.model_copy(update={"observations": (), "snapshot": host.snapshot.model_copy(update={"containers": ()})})
    empty = evidence.model_copy(update={"hosts": {"default": bare}})
    with filled(tmp_path, {"a": empty, "b": empty}) as book:
        assert flags(book) == []


def test_a_learner_may_show_the_same_twice(tmp_path: Path) -> None:
    with filled(tmp_path, {"a": WRONG}) as book:
        book.begin([("a", EXERCISE)])
        assert flags(book) == []


def test_the_terminal_tells_it_too(tmp_path: Path) -> None:
    filled(tmp_path, {"a": WRONG, "b": RIGHT, "c": WRONG}).__exit__(None, None, None)
    done = grade("grades", "--gradebook", tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"note: a, c show the same evidence ({EXERCISE}): look at them" in done.stderr.splitlines()


def test_many_of_them_do_not_flood_the_terminal(tmp_path: Path) -> None:
    evidence = store.load(WRONG)
    pairs = {f"{letter}{number}": made_anew(evidence, letter) for letter in "abcdef01" for number in (1, 2)}
    filled(tmp_path, pairs).__exit__(None, None, None)
    told = [line for line in grade("grades", "--gradebook", tmp_path).stderr.splitlines() if line.startswith("note:")]
    assert [line for line in told if "the same evidence" in line] == told[:5]
    assert told[5:] == ["note: and 3 more like these, on the page about the class"]


def test_nor_do_many_who_share_one_build(tmp_path: Path) -> None:
    filled(tmp_path, {f"s{number:02}": WRONG for number in range(20)}).__exit__(None, None, None)
    told = grade("grades", "--gradebook", tmp_path).stderr
    assert "note: s00, s01, s02, s03, s04, s05, s06, s07 and 12 more show the same evidence" in told


def test_the_page_of_the_class_shows_it(tmp_path: Path) -> None:
    filled(tmp_path, {"a": WRONG, "b": WRONG}).__exit__(None, None, None)
    text = (tmp_path / "cohort.html").read_text(encoding="utf-8")
    assert "<b>a, b</b>: the same evidence" in text
