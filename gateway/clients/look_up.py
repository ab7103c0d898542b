"""Asking the host for an account's options, where it does not send them along."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from gateway.clients.part import Part


def _called(url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0 and url.isprintable() and " " not in url
    except ValueError:  # a port or an address that is none
        whole = False
    if not whole:
        raise ValueError("no host can be called by it; write one such as https://host.example/in")
    return url


CalledUrl = Annotated[
    str,
    AfterValidator(_called),
    Field(pattern=r"^https?://", examples=["https://host.example/in"]),
]


class LookUpPart(Part):
    """`secret` names the variable that holds a Standard Webhooks secret (whsec_...). While the
    host can't be asked, customers are led to a person."""

    url: CalledUrl = Field(description="Where accounts' options are asked for.")
    secret: str = Field(pattern=r"^env:[A-Z][A-Z0-9_]*$", examples=["env:HOST_LOOK_UP_SECRET"])
    timeout_seconds: int = Field(default=3, ge=1, le=10, description="For the whole answer.")
    fresh_seconds: int = Field(
        default=300, ge=0, le=86_400, description="How long an answer is used again."
    )
