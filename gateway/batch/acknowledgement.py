"""The answer to a file: what came in, what was taken, and why the rest was not."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from gateway.batch.findings import Finding

Verdict = Literal["accepted", "partially_accepted", "rejected"]


class Counts(Struct, frozen=True, rename={"given": "in"}):
    """Records; `duplicate` are those among the rejected whose account stood in the file before."""

    given: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0


class Total(Struct, frozen=True):
    """Minor units of one currency. `found` is None where a record's balance can't be read."""

    declared: int = 0
    found: int | None = 0
    accepted: int = 0


class Acknowledgement(Struct, frozen=True, kw_only=True):
    """`errors` have a record's number or speak of the whole file; `warnings` rejected nothing."""

    file_id: str
    client_id: str
    file_type: str
    schema_version: int
    sequence_no: int
    sha256: str  # of the whole file
    received_at: datetime
    status: Verdict
    counts: Counts
    totals: dict[str, Total]
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


def as_json(given: Sequence[Acknowledgement]) -> bytes:
    """One object for one file, an array for more."""
    body = given[0] if len(given) == 1 else given
    return msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"


def write_beside(path: Path, given: Sequence[Acknowledgement]) -> Path:
    """Writes FILE.ack.json under another name first, so that nobody reads half of it."""
    target = path.with_name(path.name + ".ack.json")
    part = target.with_name(target.name + ".part")
    part.write_bytes(as_json(given))
    return part.replace(target)
