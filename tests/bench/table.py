"""The figures as a table."""

from collections.abc import Sequence

from .figures import Figure

_HEAD = ("", "s", "against", "s", "measured", "target", "")


def table(figures: Sequence[Figure]) -> str:
    """Return the lines, columns aligned."""
    rows = [_HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = "met" if figure.met else "not met"
    times = (f"{figure.seconds:.2f}", f"{figure.base:.2f}")
    return (figure.what, times[0], figure.against, times[1], figure.measured, figure.target, verdict)
