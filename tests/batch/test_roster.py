"""A roster is read whole, and all that is wrong with it is told with its line, before anything is connected to."""

from pathlib import Path

import pytest

from grader.batch.rosterfile import load_roster
from grader.batch.setup import check_fit, vouched
from grader.course import builtin
from grader.errors import RosterError
from grader.host.address import Address
from grader.rubric.load import load

KEY = "ssh-ed25519 " + "A" * 68


def written(folder: Path, text: str, name: str = "class.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    """Return the lines of the error, each from its line number on."""
    with pytest.raises(RosterError) as caught:
        load_roster(path)
    assert "Traceback" not in str(caught.value)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def test_everything_that_a_learner_may_have_in_yaml(tmp_path: Path) -> None:
    for name in ("certs/ca.pem", "certs/cert.pem", "certs/key.pem", "id"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    roster = load_roster(
        written(
            tmp_path,
            f"""
learners:
  - {{id: s001, section: A, host: "ssh://lab@10.0.0.5:22", host_key: "{KEY}", key: id, jump: "me@gate:2222"}}
  - {{id: s002, host: "tcp://10.0.0.6:2376", tls: certs, roles: {{flask: api}}}}
  - {{id: s003, host: 10.0.0.7, user: ada, port: 2200, socket: /run/user/1000/docker.sock}}
  - {{id: s004, host: my-context}}
  - {{id: s005, hosts: {{manager: "ssh://a", worker: "ssh://b"}}}}
  - {{id: s006, host: "ssh://[::1]:2222"}}
""",
        )
    )
    engines = [place.engines for place in roster.places]
    first = engines[0][""]
    assert (first.url, first.host_keys) == ("ssh://lab@10.0.0.5:22", (KEY,))
    assert (first.key, first.jump) == (tmp_path / "id", "me@gate:2222")
    assert engines[1][""].tls == tmp_path / "certs"
    assert (engines[2][""].url, engines[2][""].socket) == ("ssh://ada@10.0.0.7:2200", "/run/user/1000/docker.sock")
    assert engines[3][""].url == "my-context"
    assert {name: address.url for name, address in engines[4].items()} == {"manager": "ssh://a", "worker": "ssh://b"}
    assert engines[5][""].url == "ssh://[::1]:2222"
    assert roster.places[1].learner.roles == {"flask": "api"}
    assert [place.line for place in roster.places] == [3, 4, 5, 6, 7, 8]


def test_csv_says_the_same(tmp_path: Path) -> None:
    text = (
        "id,name,host,user,port,roles\r\n"
        '007,"Bond, James",10.0.0.7,ada,2200,flask=api;mongo=db\r\n'
        "\r\n"
        "s2,,unix:///run/d.sock,,,\r\n"
    )
    roster = load_roster(written(tmp_path, text, "class.csv"))
    first, second = roster.places
    assert (first.learner.id, first.learner.name) == ("007", "Bond, James")
    assert (first.engines[""].url, first.learner.roles) == ("ssh://ada@10.0.0.7:2200", {"flask": "api", "mongo": "db"})
    assert (second.line, second.engines[""].url) == (4, "unix:///run/d.sock")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("learners:\n  - {id: a, host: x}\n  - {id: A, host: y}\n", ["3:", "`A` is there already, on line 2"]),
        ("learners:\n  - {id: a, hots: x}\n", ["2:", "no key `hots`", "did you mean `hosts`?"]),
        ("learners:\n  - {id: 12, host: x}\n", ["2:", "`id` has to be text", 'quote it, "12"']),
        ("learners:\n  - {id: ../x, host: x}\n", ["2:", "`../x` is to name files"]),
        ("learners:\n  - {host: x}\n", ["2:", "lacks the key `id`"]),
        ('learners:\n  - {id: a, host: "ftp://x"}\n', ["2:", "ftp://x", "unix://"]),
        ('learners:\n  - {id: a, host: "tcp://x"}\n', ["2:", "tcp://x", "port"]),
        ('learners:\n  - {id: a, host: "ssh://-oX"}\n', ["2:", "ssh://-oX", "ssh://USER@HOST:PORT"]),
        ('learners:\n  - {id: a, host: "ssh://x", jump: "-oX"}\n', ["2:", "ssh://-oX"]),
        ('learners:\n  - {id: a, host: "ssh://x", key: gone}\n', ["2:", "there is no file", "gone"]),
        ('learners:\n  - {id: a, host: "ssh://x", host_key: abc}\n', ["2:", "TYPE KEY"]),
        ('learners:\n  - {id: a, host: "tcp://x:1", tls: .}\n', ["2:", "lacks ca.pem, cert.pem, key.pem"]),
        ("learners:\n  - {id: a, host: x, port: 70000}\n", ["2:", "`port` has to be at most 65535"]),
        ("learners:\n  - {id: a, host: x, hosts: {m: y}}\n", ["2:", "both `host` and `hosts`"]),
        ("learners:\n  - a\n", ["2:", "a learner is a mapping"]),
        ("learners: a\n", ["1:", "has to be a list"]),
        ("pupils: []\n", ["1:", "begins with `learners:`"]),
        ("learners: []\nmore: 1\n", ["2:", "no key `more`"]),
        ("learners: [}\n", ["1:"]),
        ("", ["1:", "begins with `learners:`"]),
    ],
)
def test_what_is_wrong_in_yaml_is_told_with_its_line(text: str, words: list[str], tmp_path: Path) -> None:
    lines = told(written(tmp_path, text))
    assert len(lines) == 1
    assert lines[0].startswith(words[0])
    assert [word for word in words if word not in lines[0]] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,host\na,x\na,y\n", ["3:", "`a` is there already, on line 2"]),
        ("id,hots\na,x\n", ["1:", "no column `hots`", "did you mean `hosts`?"]),
        ("id,host\na,x,y\n", ["2:", "3 cells", "names 2"]),
        ("id,host,port\na,x,ssh\n", ["2:", "`port`"]),
        ("name,host\na,x\n", ["1:", "`id` and `host`"]),
        ('id,host\na,"x\n', ["2:", "no CSV"]),
    ],
)
def test_what_is_wrong_in_csv_is_told_with_its_line(text: str, words: list[str], tmp_path: Path) -> None:
    lines = told(written(tmp_path, text, "class.csv"))
    assert lines[0].startswith(words[0])
    assert [word for word in words if word not in lines[0]] == []


def test_every_wrong_line_is_told_at_once(tmp_path: Path) -> None:
    rows = "".join(f"s{number},ftp://x\n" for number in range(60))
    lines = told(written(tmp_path, f"id,host\n{rows}", "class.csv"))
    assert [line.partition(":")[0] for line in lines[:50]] == [str(number) for number in range(2, 52)]
    assert lines[50] == "and more"


def test_only_chooses_and_knows_whom_it_was_meant(tmp_path: Path) -> None:
    roster = load_roster(written(tmp_path, "learners:\n  - {id: s001, host: x}\n  - {id: s002, host: y}\n"))
    assert [place.learner.id for place in roster.only(("s002",)).places] == ["s002"]
    with pytest.raises(RosterError, match="no such learner"):
        roster.only(("s0001",))


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.yaml"):
        with pytest.raises(RosterError, match="cannot be read"):
            load_roster(path)
    broken = tmp_path / "latin.csv"
    broken.write_bytes(b"id,name\na,\xe9\n")
    with pytest.raises(RosterError, match="UTF-8"):
        load_roster(broken)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffid,host\r\na,unix:///x\r\n",
        "id;host;name\r\na;unix:///x;Ada\r\n",
        "id\thost\na\tunix:///x\n",
        "ID, Host\na, unix:///x\n",
    ],
    ids=["mark", "semicolons", "tabs", "capitals"],
)
def test_csv_as_spreadsheets_write_it(text: str, tmp_path: Path) -> None:
    (place,) = load_roster(written(tmp_path, text, "class.csv")).places
    assert (place.learner.id, place.learner.host) == ("a", "unix:///x")


def test_a_column_that_is_unknown_is_told_once_at_the_top(tmp_path: Path) -> None:
    rows = "".join(f"s{number},unix:///x,9\n" for number in range(30))
    (line,) = told(written(tmp_path, f"id,host,sektion\n{rows}", "class.csv"))
    assert line.startswith("1:1: there is no column `sektion`: did you mean `section`?")


def test_a_key_may_be_pasted_with_its_comment(tmp_path: Path) -> None:
    text = f'learners:\n  - {{id: a, host: "ssh://x", host_key: "{KEY} root@x"}}\n'
    (place,) = load_roster(written(tmp_path, text)).places
    assert place.engines[""].host_keys == (f"{KEY} root@x",)


def test_pairs_are_pairs_and_ids_differ_in_more_than_their_case(tmp_path: Path) -> None:
    (line,) = told(written(tmp_path, "id,host,roles\na,unix:///x,flask\n", "class.csv"))
    assert line == "2:1: `roles` holds `flask`: write it as NAME=VALUE"
    (line,) = told(written(tmp_path, 'learners: [{id: a, host: "unix:///x"}, {id: A, host: "unix:///y"}]\n'))
    assert "the id `A` is there already, on line 1" in line


@pytest.mark.parametrize("host", ["tcp://127.0.0.1:2375", "unix:///var/run/docker.sock"])
def test_what_belongs_to_ssh_has_an_ssh_server(host: str, tmp_path: Path) -> None:
    (line,) = told(written(tmp_path, f'learners:\n  - {{id: a, host: "{host}", user: ada}}\n'))
    assert "`user` belongs to an ssh server, and the host is none" in line


def unfit(folder: Path, text: str, exercise: str) -> str:
    with pytest.raises(RosterError) as caught:
        check_fit(load_roster(written(folder, text)), {exercise: load(builtin().rubric(exercise))}, hosts_needed=True)
    return str(caught.value)


def test_every_engine_of_an_exercise_is_asked_for(tmp_path: Path) -> None:
    told = unfit(tmp_path, 'learners:\n  - {id: a, host: "tcp://127.0.0.1:2375"}\n', "overlay")
    assert "2: a has no engine worker for overlay: hosts: {manager: …, worker: …}" in told


def test_a_context_that_nobody_knows_is_told_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    told = unfit(tmp_path, "learners:\n  - {id: a, host: nirvana}\n", "flask-nginx-mongo")
    assert "2: a: there is no Docker context called nirvana" in told


def test_nobody_but_the_batch_vouches_for_a_server_behind_a_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.setup.url_of", lambda _: "ssh://lab@example.org")
    found = vouched(Address("a-context"), tmp_path, accept_new=False)
    assert (found.url, found.known_hosts) == ("ssh://lab@example.org", tmp_path / "known_hosts")
