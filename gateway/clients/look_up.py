"""Asking the host for an account's options, where it does not send them along."""

from pydantic import Field

from gateway.clients.part import Part


class LookUpPart(Part):
    """`secret` names the variable that holds a Standard Webhooks secret (whsec_...). While the
    host can't be asked, customers are led to a person."""

    url: str = Field(pattern=r"^https?://", description="Where accounts' options are asked for.")
    secret: str = Field(pattern=r"^env:[A-Z][A-Z0-9_]*$", examples=["env:HOST_LOOK_UP_SECRET"])
    timeout_seconds: int = Field(default=3, ge=1, le=10, description="For the whole answer.")
    fresh_seconds: int = Field(
        default=300, ge=0, le=86_400, description="How long an answer is used again."
    )
