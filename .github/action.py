"""The step of action.yml that grades: inputs from the environment, results to where GitHub Actions looks for them."""

import json
import os
import subprocess
import sys
from pathlib import Path

BELOW = 1


def main() -> int:
    """Run grade, and tell the job its outputs and its summary; return the exit code of the step."""
    reports = Path(said("REPORTS") or "grade-reports")
    reports.mkdir(parents=True, exist_ok=True)
    files = {"json": reports / "report.json", "markdown": reports / "report.md", "junit": reports / "junit.xml"}
    for file in files.values():
        file.unlink(missing_ok=True)  # what an earlier step left is no result of this one
    words = exercise_words() if said("EXERCISE") else course_words()
    for name, file in files.items():
        words += ["--output", f"{name}:{file}"]
    code = subprocess.run([sys.executable, "-m", "grader", *words], check=False).returncode
    append("GITHUB_STEP_SUMMARY", text(files["markdown"]) or f"## grade ended with code {code}; its log says why\n")
    append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs(files["json"], code, reports)))
    return 0 if code == BELOW and said("FAIL") == "false" else code


def exercise_words() -> list[str]:
    """Return the command that grades an exercise; on GitHub, what it prints are the annotations."""
    words = ["regrade", said("EXERCISE"), said("EVIDENCE")] if said("EVIDENCE") else ["run", said("EXERCISE")]
    if said("HOST") and not said("EVIDENCE"):
        words += ["--host", said("HOST")]
    return [*words, *course(), "--format", "github"]


def course_words() -> list[str]:
    """Return the command that checks a course, which prints annotations by itself."""
    words = ["ci", *course()]
    words += ["--changed-since", said("CHANGED_SINCE")] if said("CHANGED_SINCE") else []
    words += ["--no-live"] if said("NO_LIVE") == "true" else []
    return [*words, *(["--host", said("HOST")] if said("HOST") else [])]


def course() -> list[str]:
    """Return the option that names the course."""
    return ["--course", said("COURSE")] if said("COURSE") else []


def outputs(file: Path, code: int, reports: Path) -> list[tuple[str, object]]:
    """Return the outputs of the step; numbers and words only, so that none can begin another line."""
    content = json.loads(text(file) or "{}")
    complete = content.get("complete", code <= BELOW)
    passed = content.get("passed", content.get("holds"))
    found = {
        "score": content.get("score") if complete else None,
        "max-score": content.get("max_score"),
        "percent": content.get("percent"),
        "passed": None if passed is None else str(passed).lower(),
        "complete": str(bool(content) and bool(complete)).lower(),
        "exit-code": code,
        "reports": reports.as_posix(),
    }
    return [(name, "" if value is None else value) for name, value in found.items()]


def said(name: str) -> str:
    """Return an input of the action, in one line."""
    return " ".join(os.environ.get(f"INPUT_{name}", "").split())


def text(file: Path) -> str:
    """Return what a file holds, or nothing where there is none."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def append(variable: str, more: str) -> None:
    """Add to the file that a variable of GitHub's names, or print where there is none."""
    target = os.environ.get(variable)
    if target:
        with Path(target).open("a", encoding="utf-8", newline="\n") as file:
            file.write(more)
    else:
        print(more, end="")


if __name__ == "__main__":
    sys.exit(main())
