"""Time zones as clients' files name them."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{name} is not an IANA time zone; write one such as Europe/London"
        ) from None
    return name


ZoneName = Annotated[str, AfterValidator(_zone), Field(examples=["Europe/London"])]
