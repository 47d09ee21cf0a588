"""The signs that the report is drawn with, and their stand-ins where only ASCII can be shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One character each, but for arrows and `more`."""

    passed: str
    failed: str
    skipped: str
    error: str
    bar: str
    """What is earned; `open` is what could not be looked at, `rest` what is missing."""
    open: str
    rest: str
    mark: str
    """Where the pass mark stands on the bar."""
    rail: str
    ghost: str
    """The rail of a network that is missing."""
    wire: str
    gap: str
    """The wire of a connection that is missing."""
    right: str
    extra: str
    wrong: str
    missing: str
    arrow: str
    """From who asks to who answers; `wall` where nothing is to get through."""
    wall: str
    more: str


UNICODE = Glyphs(
    passed="✓", failed="✗", skipped="·", error="!",
    bar="━", open="╍", rest="─", mark="┃",
    rail="┃", ghost="╏", wire="─", gap="╌",
    right="●", extra="○", wrong="✗", missing="?", arrow="──▶", wall="──┤", more="…",
)  # fmt: skip

ASCII = Glyphs(
    passed="+", failed="x", skipped=".", error="!",
    bar="#", open="?", rest="-", mark="|",
    rail="|", ghost=":", wire="-", gap=".",
    right="@", extra="o", wrong="x", missing="?", arrow="-->", wall="--|", more="...",
)  # fmt: skip
