"""Draw a report as SVG, for the README: `python -m tests.reporters.picture OUT.svg [CASE]`."""

import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console

from grader.models.report import Report
from grader.reporters.terminal import render

from .samples import SAMPLES

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def drawn(report: Report, width: int = 80) -> str:
    """Return what a terminal would show; no font is fetched, and equal reports give equal files."""
    console = Console(
        file=StringIO(),
        record=True,
        width=width,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        _environ={},
    )
    render(report, console)
    svg = console.export_svg(title=f"grade {report.exercise}", unique_id="grade")
    return _FONTS.sub("", svg).replace("Fira Code", "Menlo, Consolas, DejaVu Sans Mono")


def main(out: str, case: str = "one-fault") -> None:
    """Write the picture of one of the samples."""
    Path(out).write_text(drawn(SAMPLES[case]()), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
