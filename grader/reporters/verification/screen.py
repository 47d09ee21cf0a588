"""Whether rubrics hold, for an author's eyes: the verdict, what is wrong, and the matrix."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from grader.models.verification import Built, Verification
from grader.reporters.terminal.pen import BAD, GOOD, QUIET, STRONG, UNSURE, Lines, Pen
from grader.reporters.verification.matrix import Row, rows

_NAME = 52
_SIGNS = {"own": ("x", GOOD), "lost": ("x", QUIET), "beside": ("!", BAD), "missed": ("?", BAD), "": (".", QUIET)}


def show(found: Sequence[Verification], console: Console | None = None) -> None:
    """Print every exercise, to standard output by default."""
    console = console or Console()
    pen = Pen.of(console)
    for place, each in enumerate(found):
        for line in [*([Text()] if place else []), *_lines(each, pen)]:
            console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)


def _lines(found: Verification, pen: Pen) -> Lines:
    sign, style = (pen.glyphs.passed, GOOD) if found.holds else (pen.glyphs.failed, BAD)
    head = Text.assemble(
        (f"{sign} ", style), (pen.clean(found.exercise), STRONG), f"  {'holds' if found.holds else 'does not hold'}"
    )
    lines: Lines = [head]
    for label, text, colour in _facts(found):
        lines += pen.hang(pen.text((f"  {label:<11}", QUIET)), text, colour, most=6)
    return [*lines, *_matrix(found, pen)]


def _facts(found: Verification) -> Iterator[tuple[str, str, str]]:
    for finding in found.findings:
        label, colour = ("remark", UNSURE) if finding.remark else ("finding", BAD)
        yield label, f"line {finding.line}: {finding.text} ({finding.remedy})", colour
    for built in (*found.floor, *found.solutions):
        yield "build", _said(built), "" if built.right and not built.left else BAD
    if found.faults:
        yield "faults", _counted(found), ""
    for fault in found.survivors:
        missed = sorted(set(fault.own) - set(fault.lost))
        yield (
            "survives",
            f"{fault.name} (in {fault.build})" + (f": {', '.join(missed)} saw nothing" if missed else ""),
            BAD,
        )
    for fault in found.collateral:
        yield "beside", f"{fault.name} (in {fault.build}) costs marks of {', '.join(fault.collateral)}", BAD
    for fault in found.unnamed:
        yield "misnamed", f"{fault.name} (in {fault.build}): {fault.first_cause}", UNSURE
    if found.unproven:
        yield "unproven", f"no fault fails {', '.join(found.unproven)}", BAD
    for name, reason in {f.name: f.equivalent for f in found.faults if f.equivalent}.items():
        yield "excused", f"{name}: {reason}", QUIET
    if found.rehearsals:
        right = sum(not each.differences for each in found.rehearsals)
        yield (
            "rehearsed",
            f"{right} of {len(found.rehearsals)} faults made for real were judged as the model has it",
            "",
        )
    for each in found.rehearsals:
        yield from (("differs", f"{each.name}: {difference}", BAD) for difference in each.differences)
    for why in found.untried:
        yield "not tried", why, UNSURE


def _said(built: Built) -> str:
    score = "no score" if built.percent is None else f"{built.percent:g} %"
    lost = f", without {', '.join(built.lost)}" if built.lost and not built.right else ""
    left = f", left behind: {', '.join(built.left)}" if built.left else ""
    return f"{built.name}: {built.fault or score + lost}{left}"


def _counted(found: Verification) -> str:
    named = f"the first cause names {found.named_share:g} % of them"
    return f"{len(found.faults)} tried, {found.mutation_score:g} % seen; {named}"


def _matrix(found: Verification, pen: Pen) -> Lines:
    if not found.faults:
        return []
    lines: Lines = [Text(), *pen.heading("Faults and the checks that see them")]
    for number, check in enumerate(found.checks, 1):
        lines.append(Text(f"  {number:>2} {pen.clip(check, pen.width - 6)}", QUIET))
    width = max(20, min(_NAME, pen.width - 4 - 2 * len(found.checks)))
    tens = "".join(f"{n // 10 or ' '} " for n in range(1, len(found.checks) + 1))
    ones = "".join(f"{n % 10} " for n in range(1, len(found.checks) + 1))
    lines += [
        Text(),
        *([Text(f"  {'':{width}}{tens}", QUIET)] if len(found.checks) > 9 else []),
        Text(f"  {'':{width}}{ones}", QUIET),
    ]
    return [*lines, *(_row(row, pen, width) for row in rows(found))]


def _row(row: Row, pen: Pen, width: int) -> Text:
    style = "" if row.seen else QUIET if row.equivalent else BAD
    line = Text("  ").append(pen.fit(row.name, width - 1), style).append(" ")
    for cell in row.cells:
        sign, colour = _SIGNS[cell]
        line.append(f"{sign} ", colour)
    return line
