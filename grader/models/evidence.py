"""One file that holds all a judgement needs."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from grader.models.base import Frozen
from grader.models.probe import Observation
from grader.models.snapshot import Snapshot


class HostEvidence(Frozen):
    """What one engine showed: its state, and what each sandbox reported."""

    snapshot: Snapshot
    observations: tuple[Observation, ...] = ()


class Evidence(Frozen):
    """Everything observed in one run; judging it again gives the same report on any machine."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    schema_id: Literal["grade/evidence/v1"] = Field(default="grade/evidence/v1", alias="schema")
    tool_version: str
    exercise: str
    learner: str | None = Field(default=None, max_length=100)
    """Whose build it is, as they say themselves; nothing vouches for it."""
    started_at: datetime
    duration_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    roles: dict[str, str] = {}
    """Containers that the user named for a role, by `--role`."""
    hints: dict[str, Annotated[int, Field(ge=0)]] = {}
    """How many hints the learner had asked for, by the id of the check."""
    hosts: dict[str, HostEvidence]
    nonce: str = Field(default="", max_length=200)
    """A word that whoever asked for the evidence wanted in it, to know when it was taken."""
