"""The command as users run it, with everything that they may get wrong, and no engine."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from grader import store
from grader.cli import grade as group
from grader.reporters.formats import FORMATS
from tests.flagship import FLASK, MONGO, NGINX, evidence
from tests.impostors import impostor, page, says

ROOT = Path(__file__).parents[1]
EXERCISE = "flask-nginx-mongo"
PATIENCE = 60
OURS = ("DOCKER_", "GRADE_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")

Done = subprocess.CompletedProcess[str]

AS_NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups $GRADE"
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root may become nobody"
)
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def grade(*args: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Done:
    """Run the command in an environment that says nothing of engines, courses or colours but `env`."""
    return _run([sys.executable, "-m", "grader", *map(str, args)], cwd, env or {})


def shell(script: str, **env: str) -> Done:
    """Run a shell script in which `$GRADE` is the command."""
    return _run(["sh", "-c", script], ROOT, {"GRADE": f"{sys.executable} -m grader", **env})


def crash(code: str, *args: str | Path, **env: str) -> Done:
    """Run the command in a process that has run `code` before, which puts a bug into it."""
    return _run([sys.executable, "-c", f"{code}\nfrom grader.cli import main; main()", *map(str, args)], ROOT, env)


def _run(command: list[str], cwd: Path, env: Mapping[str, str]) -> Done:
    environment = _environment(env)
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=PATIENCE
    )


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    # No configuration of whoever runs the tests may choose an engine.
    return {**plain, "DOCKER_CONFIG": os.devnull, "PYTHONPATH": str(ROOT), **env}


def assert_ends(done: Done, code: int, *words: str) -> None:
    """Assert the exit code, one message on stderr with these words, nothing on stdout, and no traceback."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert [word for word in words if word not in done.stderr] == [], done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("grade: ") <= 1


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Return a file of evidence of a correct build."""
    file = tmp_path / "evidence.json"
    store.save(evidence(NGINX, FLASK, MONGO), file)
    return file


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of one's own, with the flagship as `lab`."""
    folder = tmp_path / "course"
    (folder / "rubrics").mkdir(parents=True)
    shutil.copy(ROOT / f"rubrics/{EXERCISE}.yaml", folder / "rubrics/lab.yaml")
    return folder


def test_the_exercises_are_listed() -> None:
    done = grade()
    assert done.returncode == 0
    assert any(line.startswith(f"{EXERCISE}  Flask, Nginx, MongoDB") for line in done.stdout.splitlines())


USAGE: list[tuple[list[str], list[str]]] = [
    (["flask-nginx-mong"], ["flask-nginx-mong", f"did you mean {EXERCISE}?"]),
    (["zzz"], ["there is no exercise called zzz", "there are: ", EXERCISE]),
    ([EXERCISE, "--frob"], ["No such option", "--frob"]),
    (["--frob"], ["No such option", "--frob"]),
    ([EXERCISE, "another"], ["another"]),
    (["regrad"], ["no command and no exercise called regrad", "did you mean grade regrade?"]),
    (["Snapshott", EXERCISE, "-o", "e.json"], ["did you mean grade snapshot?"]),
    (["--role", "flask=web", EXERCISE], ["--role stands before the exercise", "grade EXERCISE --role"]),
    ([EXERCISE, "--timeout", "soon"], ["--timeout", "soon"]),
    ([EXERCISE, "--timeout", "0"], ["--timeout", "0.1"]),
    ([EXERCISE, "--settle", "-1"], ["--settle"]),
    ([EXERCISE, "--format", "jsn"], ["jsn", "did you mean json?"]),
    ([EXERCISE, "--format", "word"], ["word", "say one of"]),
    ([EXERCISE, "--output", "report.doc"], ["report.doc", "json:FILE"]),
    ([EXERCISE, "--output", "json:-"], ["--format json"]),
    ([EXERCISE, "--output", "r.json", "--output", "json:r.json"], ["r.json is to hold two reports"]),
    ([EXERCISE, "--output", "/gone/r.json"], ["/gone/r.json", "No such file", "make the folder"]),
    ([EXERCISE, "--role", "flask"], ["--role flask:", "ROLE=CONTAINER"]),
    ([EXERCISE, "--role", "=web"], ["--role =web:", "ROLE=CONTAINER"]),
    ([EXERCISE, "--role", "flask="], ["--role flask=:", "ROLE=CONTAINER"]),
    ([EXERCISE, "--role", "flaks=web"], ["no role flaks", "did you mean flask?", "nginx, flask, mongo"]),
    ([EXERCISE, "--role", "flask=a", "--role", "flask=b"], ["--role flask is given twice"]),
    ([EXERCISE, "--role", "flask=a", "--role", "mongo=a"], ["gives a to flask and mongo"]),
    ([EXERCISE, "--course", "/gone"], ["/gone is no course", "rubrics/"]),
    (["list", "--course", "/gone"], ["/gone is no course"]),
    ([EXERCISE, "--host", "no-such-context"], ["no Docker context called no-such-context", "default", "unix://PATH"]),
    ([EXERCISE, "--host", "defualt"], ["no Docker context called defualt", "did you mean default?"]),
    (["overlay", "--host", "wroker=x"], ["no engine wroker", "did you mean worker?"]),
    ([EXERCISE, "--host", "gopher://x"], ["gopher://x", "unix://", "tcp://"]),
    ([EXERCISE, "--host", "tcp://10.0.0.1"], ["tcp://10.0.0.1", "port", "2376"]),
    ([EXERCISE, "--host", "tcp://10.0.0.1:docker"], ["tcp://10.0.0.1:docker", "port"]),
    ([EXERCISE, "--host", "tcp://10.0.0.1:99999"], ["tcp://10.0.0.1:99999", "port"]),
    ([EXERCISE, "--host", "ssh://lab@10.0.0.1:x"], ["ssh://lab@10.0.0.1:x", "ssh://USER@HOST:PORT"]),
    ([EXERCISE, "--host", "npipe:////./pipe/x"], ["npipe:////./pipe/x", "unix:///var/run/docker.sock"]),
    (["snapshot", EXERCISE], ["--output"]),
    (["snapshot", EXERCISE, "-o", "e.json", "--learner", " "], ["--learner", "cannot be kept"]),
    (["snapshot", EXERCISE, "-o", "e.json", "--learner", "a\nb"], ["--learner", "cannot be kept"]),
    (["snapshot", EXERCISE, "-o", "e.json", "--learner", "x" * 101], ["--learner", "101 characters"]),
    (["snapshot", EXERCISE, "-o", "/gone/e.json"], ["/gone/e.json", "make the folder"]),
    (["snapshot", EXERCISE, "-o", "/usr"], ["/usr", "Is a directory"]),
    (["regrade", EXERCISE], ["FILE"]),
    (["regrade", EXERCISE, "/gone.json"], ["/gone.json", "No such file"]),
    (["regrade", EXERCISE, "/usr"], ["/usr", "Is a directory"]),
    (["schema", "poem"], ["poem", "rubric", "report"]),
    (["schema", "rubrik"], ["rubrik", "Did you mean rubric?"]),
    (["verify", "--format", "htm"], ["htm", "Did you mean html?"]),
    (["resett", EXERCISE], ["did you mean grade reset?"]),
    (["reset", EXERCISE, "--role", "mnogo=x"], ["no role mnogo", "did you mean mongo?"]),
]


@pytest.mark.skipif(sys.platform == "win32", reason="the paths are those of Unix")
@pytest.mark.parametrize(("args", "words"), USAGE, ids=[" ".join(args) for args, _ in USAGE])
def test_a_wrong_word_is_told_before_any_work(args: list[str], words: list[str]) -> None:
    # An engine that answers nothing: whoever asks it before complaining ends with 3.
    assert_ends(grade(*args), 2, *words)


def test_a_course_is_found_by_option_environment_and_place(course: Path) -> None:
    expected = "lab  Flask, Nginx, MongoDB\n"
    inside = course / "exercises"
    inside.mkdir()
    assert grade("list", "--course", course).stdout == expected
    assert grade("list", env={"GRADE_COURSE": str(course)}).stdout == expected
    assert grade("list", cwd=inside).stdout == expected


def test_a_course_without_exercises_is_told(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    for done in (grade("list", "--course", tmp_path), grade("lab", "--course", tmp_path)):
        assert_ends(done, 2, f"the course {tmp_path} has no exercises", "rubrics/NAME.yaml")


def test_a_wrong_course_says_that_it_comes_from_the_environment(tmp_path: Path) -> None:
    assert_ends(grade("lab", env={"GRADE_COURSE": str(tmp_path)}), 2, str(tmp_path), "from GRADE_COURSE", "no course")


def test_a_removed_working_folder_is_no_obstacle(tmp_path: Path) -> None:
    done = shell(f"mkdir {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone && $GRADE list")
    assert done.returncode == 0
    assert any(line.startswith(f"{EXERCISE}  Flask, Nginx, MongoDB") for line in done.stdout.splitlines())


def test_a_wrong_rubric_is_told_with_its_line_and_column(course: Path) -> None:
    rubric = course / "rubrics/lab.yaml"
    text = rubric.read_text().replace("kind: image", "kind: imago")
    rubric.write_text(text)
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "imago" in each)
    assert_ends(grade("lab", "--course", course), 2, f"{rubric}:{line}:", "imago", "image")


def crowded(text: str) -> bytes:
    """Return the evidence with one of its containers many times over."""
    raw = json.loads(text)
    held = raw["hosts"]["default"]["snapshot"]["containers"]
    held += [held[0] | {"id": f"{number:064x}", "name": f"web-{number}"} for number in range(250)]
    return json.dumps(raw).encode()


BROKEN: dict[str, tuple[Callable[[str], bytes], list[str]]] = {
    "empty": (lambda _: b"", ["is empty"]),
    "truncated": (lambda text: text[: len(text) // 2].encode(), ["damaged or cut short"]),
    "binary": (lambda _: bytes(range(256)), ["no text"]),
    "of another kind": (lambda _: b'{"schema": "grade/report/v1"}', ["grade/report/v1", "not grade/evidence/v1"]),
    "of the future": (
        lambda text: text.replace("evidence/v1", "evidence/v2").encode(),
        ["evidence/v2", "update grade"],
    ),
    "no object": (lambda _: b"[1, 2]", ["not grade/evidence/v1"]),
    "without fields": (lambda _: b'{"schema": "grade/evidence/v1"}', ["damaged at tool_version"]),
    "of no duration": (
        lambda text: text.replace('"duration_s": 0.0', '"duration_s": NaN').encode(),
        ["damaged at duration_s"],
    ),
    "with an answer that is no hexadecimal": (
        lambda text: text.replace('"response": "48', '"response": "4x').encode(),
        ["damaged at hosts.default", "response"],
    ),
    "with more containers than anybody looks at": (crowded, ["more containers than any evidence"]),
    "with a wrong field": (lambda text: text.replace('"ipv4"', '"ipv5"').encode(), ["damaged at hosts.default"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_evidence_that_cannot_be_judged_is_told(case: str, saved: Path) -> None:
    spoil, words = BROKEN[case]
    saved.write_bytes(spoil(saved.read_text()))
    assert_ends(grade("regrade", EXERCISE, saved), 2, str(saved), *words)


def test_a_role_for_a_container_that_was_not_saved_is_told(saved: Path) -> None:
    done = grade("regrade", EXERCISE, saved, "--role", "flask=web")
    assert_ends(done, 2, "--role flask=web", "holds no container called web", "nginx, flask-app, mongo")


def test_evidence_is_judged_again_with_the_verdict_as_exit_code(saved: Path) -> None:
    assert grade("regrade", EXERCISE, saved).returncode == 0
    store.save(evidence(NGINX, FLASK), saved)
    assert grade("regrade", EXERCISE, saved).returncode == 1


@pytest.fixture
def public() -> Iterator[Path]:
    """Return a folder into which everybody may look, unlike pytest's own."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("words", ["list", "schema rubric", f"regrade {EXERCISE} $FILE"])
def test_a_reader_that_has_enough_changes_no_verdict(words: str, saved: Path) -> None:
    done = shell(f"{{ $GRADE {words}; echo $? >&2; }} | head -c 0", FILE=str(saved))
    assert done.stderr.splitlines()[-1] == "0"
    assert "Error" not in done.stderr


@needs_full
@pytest.mark.parametrize("words", ["list", f"regrade {EXERCISE} $FILE --format json"])
def test_a_full_disk_is_told(words: str, saved: Path) -> None:
    assert_ends(shell(f"$GRADE {words} > /dev/full", FILE=str(saved)), 2, "cannot write", "No space left")


def test_closed_streams_change_no_verdict(saved: Path) -> None:
    done = shell(f"$GRADE regrade {EXERCISE} $FILE >&- 2>&-", FILE=str(saved))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_full
def test_a_file_that_cannot_be_written_leaves_the_report_on_the_screen(saved: Path) -> None:
    done = grade("regrade", EXERCISE, saved, "--output", "json:/dev/full")
    assert (done.returncode, "100 / 100" in done.stdout) == (2, True)
    assert "cannot write /dev/full: No space left" in done.stderr


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs /dev/stdout")
def test_a_device_may_stand_for_a_file(saved: Path) -> None:
    done = grade("regrade", EXERCISE, saved, "--quiet", "--output", "json:/dev/stdout")
    assert (done.returncode, json.loads(done.stdout)["percent"]) == (0, 100.0)


@as_root
def test_a_folder_that_is_not_ours_is_told_before_any_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    done = shell(f"{AS_NOBODY} snapshot {EXERCISE} -o {tmp_path}/e.json --host unix:///gone.sock")
    assert_ends(done, 2, f"cannot write {tmp_path}/e.json", "Permission denied")
    done = shell(f"{AS_NOBODY} {EXERCISE} --output /usr/r.json --host unix:///gone.sock")
    assert_ends(done, 2, "cannot write /usr/r.json", "Permission denied", "may write")


@as_root
def test_a_working_folder_that_is_not_ours_is_no_obstacle() -> None:
    done = shell(f"cd /root && {AS_NOBODY} list")
    assert done.returncode == 0
    assert any(line.startswith(f"{EXERCISE}  Flask, Nginx, MongoDB") for line in done.stdout.splitlines())


@as_root
def test_evidence_that_is_not_ours_is_told(saved: Path) -> None:
    saved.chmod(0o600)
    done = shell(f"{AS_NOBODY} regrade {EXERCISE} $FILE", FILE=str(saved))
    assert_ends(done, 2, f"{saved} cannot be read", "Permission denied")


@as_root
def test_a_socket_that_is_not_ours_is_told(public: Path) -> None:
    with impostor(public, says({"ApiVersion": "1.41"})) as host:
        (public / "docker.sock").chmod(0o600)
        done = shell(f"{AS_NOBODY} {EXERCISE} --host {host}")
    assert_ends(done, 3, f"permission denied for {host}", "docker group")


def test_colours_are_for_terminals(saved: Path) -> None:
    colour = "\x1b[3"
    assert "\x1b" not in grade("regrade", EXERCISE, saved).stdout
    assert colour in on_terminal("regrade", EXERCISE, saved, TERM="xterm")
    assert colour not in on_terminal("regrade", EXERCISE, saved, TERM="xterm", NO_COLOR="1")


def on_terminal(*args: str | Path, **env: str) -> str:
    """Return what the command shows on a terminal."""
    master, slave = os.openpty()
    command = [sys.executable, "-m", "grader", *map(str, args)]
    shown = b""
    with subprocess.Popen(command, stdout=slave, cwd=ROOT, env=_environment(env)):
        os.close(slave)
        with suppress(OSError):  # which is how Linux says that the last writer has gone
            while data := os.read(master, 1 << 16):
                shown += data
    os.close(master)
    return shown.decode()


@pytest.mark.parametrize(
    ("env", "words"),
    [
        (
            {"DOCKER_HOST": "unix:///gone/docker.sock"},
            ["no Docker Engine answers at unix:///gone/docker.sock", "unset"],
        ),
        ({"DOCKER_HOST": "tcp://127.0.0.1:1"}, ["tcp://127.0.0.1:1", "check host and port", "DOCKER_HOST"]),
        ({"DOCKER_HOST": "unix:///run/user/7/docker.sock"}, ["systemctl --user start docker"]),
        (
            {"DOCKER_HOST": "unix:///h/.docker/run/docker.sock"},
            ["Docker Desktop is not running", "start Docker Desktop"],
        ),
    ],
    ids=str,
)
def test_an_engine_that_is_not_there_is_told(env: dict[str, str], words: list[str]) -> None:
    assert_ends(grade(EXERCISE, env=env), 3, *words)


def test_an_empty_docker_host_is_none(tmp_path: Path) -> None:
    with_context(tmp_path, "mine", "unix:///gone/mine.sock", current="mine")
    assert_ends(grade(EXERCISE, env={"DOCKER_HOST": "", "DOCKER_CONFIG": str(tmp_path)}), 3, "unix:///gone/mine.sock")


def test_the_environment_may_choose_a_context(tmp_path: Path) -> None:
    with_context(tmp_path, "mine", "unix:///gone/mine.sock")
    done = grade(EXERCISE, env={"DOCKER_CONTEXT": "mine", "DOCKER_CONFIG": str(tmp_path)})
    assert_ends(done, 3, "unix:///gone/mine.sock")


def test_docker_desktop_that_is_switched_off_is_told(tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/.docker/desktop/docker.sock"
    with_context(tmp_path, "desktop-linux", url, current="desktop-linux")
    done = grade(EXERCISE, env={"DOCKER_CONFIG": str(tmp_path)})
    assert_ends(done, 3, "Docker Desktop is not running", url, "start Docker Desktop")


def test_an_unknown_context_is_told_with_those_that_exist(tmp_path: Path) -> None:
    with_context(tmp_path, "mine", "unix:///gone/mine.sock", current="lost")
    for done in (
        grade(EXERCISE, env={"DOCKER_CONFIG": str(tmp_path)}),
        grade(EXERCISE, "--host", "lost", env={"DOCKER_CONFIG": str(tmp_path)}),
    ):
        assert_ends(done, 2, "no Docker context called lost", "default, mine")


def test_a_damaged_context_is_told(tmp_path: Path) -> None:
    with_context(tmp_path, "mine", "unix:///gone/mine.sock", current="mine").write_text("{")
    assert_ends(grade(EXERCISE, env={"DOCKER_CONFIG": str(tmp_path)}), 2, "context mine cannot be read", "--host")


def with_context(folder: Path, name: str, url: str, current: str = "default") -> Path:
    """Write a Docker configuration with one context, and return the context's file."""
    from docker.context.config import get_context_id

    meta = folder / "contexts/meta" / get_context_id(name) / "meta.json"
    meta.parent.mkdir(parents=True)
    endpoint = {"Host": url, "SkipTLSVerify": False}
    meta.write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}))
    (folder / "config.json").write_text(json.dumps({"currentContext": current}))
    return meta


def test_missing_certificates_are_told(tmp_path: Path) -> None:
    env = {"DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
    assert_ends(grade(EXERCISE, env=env), 2, str(tmp_path), "ca.pem", "DOCKER_TLS_VERIFY")
    # A socket needs none, whatever the environment says of TLS.
    assert_ends(grade(EXERCISE, env=env | {"DOCKER_HOST": "unix:///gone.sock"}), 3, "unix:///gone.sock")


def test_an_address_that_swallows_connections_is_told() -> None:
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        url = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert_ends(grade(EXERCISE, "--host", url, "--timeout", "1"), 3, url)


IMPOSTORS = {
    "too old": (says({"ApiVersion": "1.24"}), ["speaks API 1.24", "update Docker"]),
    "too new": (says({"ApiVersion": "1.99", "MinAPIVersion": "1.99"}), ["1.99", "update grade"]),
    "a web page": (page("<html>\n<h1>Welcome"), ["does not speak like a Docker Engine", "check the address"]),
    "another JSON": (says([1, 2]), ["does not speak like a Docker Engine"]),
    "an odd version": (says({"ApiVersion": "new"}), ["does not speak like a Docker Engine"]),
    "not found": (page("<html>\n<h1>Not found", "404 Not Found"), ["refused", "<html>"]),
    "a gateway's fault": (says({"message": "dial failed"}, "500 Oh"), ["refused: dial failed"]),
    "TLS is wanted": (
        page("Client sent an HTTP request to an HTTPS server.", "400 Bad Request", "text/plain"),
        ["DOCKER_TLS_VERIFY=1"],
    ),
    "nothing": (b"", ["breaks off the connection"]),
    "garbage": (b"\x00\xff\x17 220 mail ready\r\n\r\n", ["no HTTP"]),
    "half an answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", ["does not speak like a Docker Engine"]),
}


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
@pytest.mark.parametrize("case", IMPOSTORS)
def test_what_is_no_engine_for_us_is_told(case: str, tmp_path: Path) -> None:
    reply, words = IMPOSTORS[case]
    with impostor(tmp_path, reply) as host:
        done = grade(EXERCISE, "--host", host, "--timeout", "5")
    assert_ends(done, 3, *words)
    assert len(done.stderr.splitlines()) == 2


BUG = "import grader.course\ndef broken(chosen):\n    raise KeyError('oops')\ngrader.course.find_course = broken"


def test_a_bug_of_ours_is_told_in_short() -> None:
    done = crash(BUG, "list")
    assert_ends(done, 70, "a bug of grade, not of your build", "KeyError: 'oops'", "GRADE_DEBUG=1")
    assert len(done.stderr.splitlines()) == 2


def test_a_bug_of_ours_shows_its_traceback_when_asked() -> None:
    done = crash(BUG, "list", GRADE_DEBUG="1")
    assert (done.returncode, "Traceback" in done.stderr, "in broken" in done.stderr) == (70, True, True)


def test_an_interruption_is_no_bug() -> None:
    done = crash(BUG.replace("KeyError('oops')", "KeyboardInterrupt"), "list")
    assert_ends(done, 130, "grade: interrupted")


def test_a_broken_rubric_hides_no_other_exercise(tmp_path: Path) -> None:
    rubrics = tmp_path / "rubrics"
    rubrics.mkdir()
    (rubrics / "broken.yaml").write_text("version: 2\n")
    (rubrics / "sound.yaml").write_text((ROOT / "rubrics" / "flask-nginx-mongo.yaml").read_text())
    done = grade("list", "--course", tmp_path)
    assert "broken  cannot be graded: " in done.stdout
    assert "sound  Flask, Nginx, MongoDB" in done.stdout


@pytest.mark.parametrize(
    ("style", "suffix", "start", "end"),
    [
        ("html", "html", "<!doctype html>", "</html>\n"),
        ("svg", "svg", "<svg ", "</svg>\n"),
        ("mermaid", "mmd", "flowchart LR\n", "\n"),
    ],
)
def test_pictures_and_pages_go_to_the_screen_and_to_files_in_utf8(
    style: str, suffix: str, start: str, end: str, tmp_path: Path
) -> None:
    saved, target = tmp_path / "me.json", tmp_path / f"me.{suffix}"
    store.save(evidence(NGINX, FLASK, replace(MONGO, on=("public-net-1", "private-net-1"))), saved)
    script = f"$GRADE regrade {EXERCISE} {saved} --format {style} --output {target} > {tmp_path}/screen"
    assert shell(script, PYTHONIOENCODING="ascii").returncode == 0
    text = target.read_bytes().decode("utf-8")
    assert (tmp_path / "screen").read_bytes().decode("utf-8") == text
    assert text.startswith(start)
    assert text.endswith(end)
    assert not text.isascii()


def test_the_help_tells_every_command_once_and_in_one_line() -> None:
    lines = grade("--help", env={"COLUMNS": "80"}).stdout.splitlines()
    entries = [line.split(maxsplit=1) for line in lines if line.startswith("  ")]
    shown = [word for word, told in entries if word in group.commands and told.endswith(".")]
    assert sorted(shown) == sorted(group.commands)


def test_the_help_names_every_format() -> None:
    told = " ".join(grade("run", "--help").stdout.split())
    assert [name for name in FORMATS if name not in told] == []
