"""The one base of every record that is stored, compared or printed."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable record that knows all its fields: an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
