"""The shape that all parts of a client's file share."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Unknown keys are errors; nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
