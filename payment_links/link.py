"""The life of a link."""

from enum import StrEnum


class LinkState(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_at(now: int, *, expires_at: int, revoked_at: int | None) -> LinkState:
    """All instants in microseconds. A revocation counts even after the expiry."""
    if revoked_at is not None and revoked_at <= now:
        return LinkState.REVOKED
    return LinkState.EXPIRED if expires_at <= now else LinkState.LIVE
