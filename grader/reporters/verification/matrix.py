"""Faults against checks, one row for each fault whatever builds it was tried on."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.models.verification import Fault, Verification


@dataclass(frozen=True, slots=True)
class Row:
    """One fault over all builds; `cells`, one a check, are `own`, `lost`, `beside`, `missed` or empty."""

    name: str
    cells: tuple[str, ...]
    seen: bool
    equivalent: str | None


def rows(found: Verification) -> list[Row]:
    """Return the rows in the order in which faults were tried."""
    tried: dict[str, list[Fault]] = {}
    for fault in found.faults:
        tried.setdefault(fault.name, []).append(fault)
    return [_row(found, name, faults) for name, faults in tried.items()]


def _row(found: Verification, name: str, faults: Sequence[Fault]) -> Row:
    cells = tuple(_cell(check, faults) for check in found.checks)
    return Row(name, cells, all(fault.seen for fault in faults), faults[0].equivalent)


def _cell(check: str, faults: Sequence[Fault]) -> str:
    if any(check in fault.own and check not in fault.lost for fault in faults):
        return "missed"
    if any(check in fault.collateral for fault in faults):
        return "beside"
    if any(check in fault.own for fault in faults):
        return "own"
    return "lost" if any(check in fault.lost for fault in faults) else ""
