"""What a receiver of mails asks of the gateway: whose a mail is, and what it must remember."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct


class Nobodys(LookupError):
    """The mail came to no address that its receiver brings mails for."""


class Position(Struct, frozen=True):
    """How far a folder was read: every mail up to `last_uid` has been dealt with, as long as its
    UIDVALIDITY is the same. Both are None until the first reading is over; `begun_at` is when that
    began."""

    begun_at: datetime
    uid_validity: int | None = None
    last_uid: int | None = None


class Pointer(Struct, frozen=True):
    """One mail in a folder of a server. `size` in bytes, as the server says; `received_at` when it
    came there."""

    place: str
    uid_validity: int
    uid: int
    size: int
    received_at: datetime


class Desk(Protocol):
    """One receiver's. All but `whose` raise OutOfReach where nothing can be remembered now."""

    def whose(self, recipients: Sequence[str]) -> str | None:
        """The address of ours that a mail to `recipients` is for, in their order; None where that
        can't be told."""

    async def hold(self, place: str) -> bool:
        """Takes a folder for this process, or keeps it; False where another process has it. It must
        be asked again within `HOLD` seconds."""

    async def release(self, place: str) -> None:
        """Lets another process have it at once."""

    async def position(self, place: str) -> Position:
        """Of a folder that we hold."""

    async def keep(self, place: str, uid_validity: int, last_uid: int) -> None: ...

    async def tried(self, mail: Pointer, why: str) -> int:
        """Notes that a mail could not be taken in; how often that was."""

    async def set_aside(self, mail: Pointer, why: str) -> None:
        """Notes that it is not tried again, and tells people."""

    async def aside(self, place: str, uid_validity: int, uids: Sequence[int]) -> set[int]:
        """Those of `uids` that were set aside."""


HOLD = 30.0
"""Seconds that a folder is a process's own without a further word of it."""


@runtime_checkable
class Mailroom(Protocol):
    """A channel that brings mails for addresses which other channels write from."""

    def attach(self, desk: Desk) -> None:
        """Before `parse` and `receive`."""
