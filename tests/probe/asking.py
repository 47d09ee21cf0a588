"""Run a compiled probe on this machine."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.models.probe import Answer, Lookup, Observation, Question, Sandbox
from grader.probe.protocol import Timing, decode, encode


@dataclass(frozen=True)
class Probe:
    """A probe, the command that takes it to a namespace, and files that stand in for those of a sandbox."""

    program: Path
    folder: Path
    enter: tuple[str, ...] = ()

    def within(self, *enter: str) -> "Probe":
        """Return the same probe, started by another command."""
        return Probe(self.program, self.folder, enter)

    def file(self, name: str, content: bytes) -> Path:
        """Write a file for the probe to read."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run it with these arguments, on empty files unless they name others."""
        empty = self.file("empty", b"")
        files = [f"resolv={empty}", f"hosts={empty}"]
        return subprocess.run([*self.enter, str(self.program), *files, *words], capture_output=True, check=False)

    def observe(self, questions: Sequence[Question], *options: str, timing: Timing | None = None) -> Observation:
        """Ask, and insist on a probe that ended well."""
        done = self.run(*encode(questions, timing or Timing()), *options)
        assert (done.returncode, done.stderr) == (0, b""), f"exit code {done.returncode}: {done.stderr.decode()}"
        return decode("here", questions, done.stdout)

    def answers(self, *questions: Question, options: Sequence[str] = (), timing: Timing | None = None) -> list[Answer]:
        """Return the answers alone."""
        seen = self.observe(questions, *options, timing=timing)
        assert seen.fault is None, seen.fault
        return [asked.answer for asked in seen.asked]

    def sandbox(self, *options: str) -> Sandbox:
        """Return the facts alone."""
        seen = self.observe((), *options)
        assert seen.sandbox is not None, seen.fault
        return seen.sandbox

    def look_up(self, port: int, *names: str, nameservers: int = 1, timing: Timing | None = None) -> list[Answer]:
        """Ask for names, of nameservers on 127.0.0.1 and its neighbours."""
        lines = "".join(f"nameserver 127.0.0.{1 + number}\n" for number in range(nameservers))
        options = [f"resolv={self.file('resolv', lines.encode())}", f"resolver-port={port}"]
        return self.answers(*(Lookup(name=name) for name in names), options=options, timing=timing)
