"""What the gate says of a message, and how that is kept on the message as JSON."""

from datetime import datetime, timedelta
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

NO_RULES = "rules"
"""What a message that nobody could judge waits for."""

NEXT_LOOK = timedelta(hours=1)


def no_rules(why: str, now: datetime) -> Deferred:
    """Of a message that there are no rules for: it waits, and is asked about again."""
    until = now + NEXT_LOOK
    return Deferred(NO_RULES, until, (RuleResult(NO_RULES, "", Outcome.DEFERRED, why, "", until),))


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """A result as it is kept: what is commonest, a plain pass, ends after its outcome."""

    rule: str
    id: str
    outcome: Outcome
    why: str = ""
    until: datetime | None = None


class _Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """A verdict as it is kept: the version once, for it is the same for all results."""

    verdict: str
    version: str
    results: tuple[_Row, ...]
    rule: str = ""
    until: datetime | None = None
    valid_for: int | None = None
    facts: dict[str, Any] | None = None


class _Version(msgspec.Struct, frozen=True):
    version: str


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Kept)
_version_decoder = msgspec.json.Decoder(_Version)


def encode(verdict: Verdict, facts: msgspec.Struct | None = None) -> bytes:
    """The verdict as JSON, with its kind under the key `verdict`, and the facts it was made by."""
    kept: dict[str, Any] = {
        "verdict": verdict.__struct_config__.tag,
        "version": version_of(verdict),
        "results": [_row(result) for result in verdict.results],
    }
    match verdict:
        case Allowed(valid_for=valid_for):
            if valid_for is not None:
                kept["valid_for"] = valid_for
        case Deferred(rule=rule, until=until):
            kept |= {"rule": rule, "until": until}
        case Suppressed(rule=rule):
            kept["rule"] = rule
    if facts is not None:
        kept["facts"] = facts
    return _encoder.encode(kept)


def _row(result: RuleResult) -> tuple[Any, ...]:
    plain = result.rule, result.id, result.outcome
    return (*plain, result.why, result.until) if result.why or result.until else plain


def version_of(verdict: Verdict) -> str:
    """By which rules it was judged; empty where there were none."""
    return verdict.results[0].version if verdict.results else ""


def decode(text: bytes | str) -> Verdict:
    """The verdict that `encode` wrote. Raises msgspec.ValidationError or DecodeError."""
    kept = _decoder.decode(text)
    results = tuple(
        RuleResult(row.rule, kept.version, row.outcome, row.why, row.id, row.until)
        for row in kept.results
    )
    if kept.verdict == "allowed":
        return Allowed(results, kept.valid_for)
    if kept.verdict == "suppressed":
        return Suppressed(kept.rule, results)
    if kept.verdict == "deferred" and kept.until is not None:
        return Deferred(kept.rule, kept.until, results)
    raise msgspec.ValidationError(f"{kept.verdict!r} is no verdict that was kept")


def facts_of(text: bytes | str) -> dict[str, Any] | None:
    """The facts that were kept with a verdict, by their names; None where there were none."""
    return _decoder.decode(text).facts


def kept_version(text: bytes | str | None) -> str | None:
    """The version of the rules of a verdict that was kept."""
    return None if text is None else _version_decoder.decode(text).version or None
