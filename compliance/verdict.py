"""What the gate says of a message, in a shape that is kept on the message as JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class Outcome(StrEnum):
    """What one rule says of a message."""

    PASSED = "passed"
    EXEMPT = "exempt"  # the rule does not concern this category of message
    DEFERRED = "deferred"
    SUPPRESSED = "suppressed"


class RuleResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rule's answer. `rule` is its place in the gate's table, `id` the rule that was in force
    there (ids joined by + where several make it up), `version` the packs' and the client's.

    `until` is, for a deferral, the first instant worth asking again and, for a pass, the instant
    at which the pass lapses (the window closes); absent where the answer has no such instant.
    """

    rule: str
    version: str
    outcome: Outcome
    why: str = ""
    id: str = ""
    until: datetime | None = None


class Allowed(msgspec.Struct, frozen=True, tag="allowed", tag_field="verdict"):
    """The message may go now.

    `valid_for`: whole seconds after which the provider must give up, so that nothing is delivered
    once the pass has lapsed; None where no rule limits it.
    """

    results: tuple[RuleResult, ...]
    valid_for: int | None = None


class Deferred(msgspec.Struct, frozen=True, tag="deferred", tag_field="verdict"):
    """Not now; ask again at `until` (UTC), with the facts of that moment."""

    rule: str
    until: datetime
    results: tuple[RuleResult, ...]


class Suppressed(msgspec.Struct, frozen=True, tag="suppressed", tag_field="verdict"):
    """This message must not go at all; `rule` is the first in the table that says so."""

    rule: str
    results: tuple[RuleResult, ...]


Verdict = Allowed | Deferred | Suppressed

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Verdict] = msgspec.json.Decoder(Verdict)


def encode(verdict: Verdict) -> bytes:
    """The verdict as JSON, with its kind under the key `verdict`."""
    return _encoder.encode(verdict)


def decode(text: bytes | str) -> Verdict:
    """The verdict that `encode` wrote. Raises msgspec.ValidationError or DecodeError."""
    return _decoder.decode(text)


def plain(verdict: Verdict) -> dict[str, Any]:
    """The same as JSON-ready dicts and lists, for a column or an activity payload."""
    built: dict[str, Any] = msgspec.to_builtins(verdict)
    return built
