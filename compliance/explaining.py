"""Why a message went or did not: each rule's verdict with its source and the facts it looked at."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from msgspec import Struct

from compliance.pack import Amendment, Book, Pack
from compliance.resolving import NOTHING_OWN, Own
from compliance.rules import Basis, Terms
from compliance.verdict import Outcome, Verdict

READS: Mapping[str, tuple[str, ...]] = {
    "jurisdiction": (),
    "sender": ("sender_approved",),
    "address": ("address_valid",),
    "third_party": ("party",),
    "opt_out": ("opt_outs", "confirmation_sent"),
    "holds": ("holds",),
    "unread_inbound": ("unread_inbound",),
    "consent": ("consent",),
    "opt_out_line": (),
    "right_party": ("party",),
    "disclosure": ("party",),
    "daily_cap": ("sends",),
    "weekly_cap": ("sends",),
    "hours": (
        "zones",
        "regions",
        "last_inbound_at",
        "last_inbound_channel",
        "replies_since_inbound",
    ),
    "own_windows": (
        "own_windows",
        "zones",
        "regions",
        "last_inbound_at",
        "last_inbound_channel",
        "replies_since_inbound",
    ),
}
"""The facts that each rule may look at, besides the message itself and the time."""


SEEN_IN_TEXT = frozenset({"opt_out_line", "right_party", "disclosure"})
"""The rules that look at what the message says."""


class Origin(Struct, frozen=True):
    """Where a rule comes from. `since` is the day on which it took effect."""

    source: str
    basis: Basis
    since: date | None


class Explained(Struct, frozen=True):
    """One rule of a verdict. `facts` are those it looked at, by name, with the values of then; one
    that was not known is missing. Source, basis and date are None where nobody here knows the rule
    any more."""

    rule: str
    id: str
    version: str
    outcome: Outcome
    why: str
    until: datetime | None
    facts: Mapping[str, Any]
    source: str | None = None
    basis: str | None = None
    since: date | None = None


class Origins:
    """Where the rules of some packs and of a client's own terms come from, by the ids that verdicts
    name. An id belongs to a pack's version: of another version nothing is said."""

    def __init__(self, book: Book, own: Iterable[Own] = (NOTHING_OWN,)) -> None:
        self._packs = {pack.version: pack for pack in (*book.packs, book.default)}
        self._own = {each.mark: each for each in own if each.mark}

    def of(self, id: str, version: str) -> Origin | None:  # noqa: A002
        """The origin of a rule (ids joined by + where several make it up), or None."""
        found: list[Origin] = []
        for part in id.split("+"):
            known = next(self._known(part, version.split("+")), None)
            if known is None:
                return None
            found.append(known)
        since = [each.since for each in found if each.since is not None]
        return Origin(
            "; ".join(dict.fromkeys(each.source for each in found)),
            "rule" if any(each.basis == "rule" for each in found) else "practice",
            max(since, default=None),
        )

    def _known(self, id: str, versions: list[str]) -> Iterator[Origin]:  # noqa: A002
        for version in versions:
            if version in self._packs and id in (origins := _origins(self._packs[version])):
                yield origins[id]
            if version in self._own:
                yield from _own_origin(self._own[version], id)


@cache
def _origins(pack: Pack) -> Mapping[str, Origin]:
    versions: list[Terms | Amendment] = [each for terms in pack.rules.values() for each in terms]
    versions += [each for overlay in pack.overlays for each in overlay.amendments]
    return {
        each.id: Origin(" ".join(each.source.split()), each.basis, each.since) for each in versions
    }


def _own_origin(own: Own, id: str) -> Iterator[Origin]:  # noqa: A002
    for each in own.overrides:
        approval = each.approval
        if approval and id == f"approved.{each.rule}":
            words = f"approved by {approval.by} on {approval.on}: {approval.reason}"
            yield Origin(f"{each.source} ({words})", each.basis, approval.on)
        elif id == f"own.{each.rule}":
            yield Origin(each.source, each.basis, None)


def explained(
    verdict: Verdict, facts: Mapping[str, Any] | None, origins: Origins
) -> tuple[Explained, ...]:
    """The verdict in the order of the gate's table. `facts` and verdict are what was kept
    (`compliance.verdict.facts_of`, `decode`)."""
    given = facts or {}
    found = []
    for result in verdict.results:
        origin = origins.of(result.id, result.version)
        found.append(
            Explained(
                rule=result.rule,
                id=result.id,
                version=result.version,
                outcome=result.outcome,
                why=result.why,
                until=result.until,
                facts={name: given[name] for name in READS.get(result.rule, ()) if name in given},
                source=origin.source if origin else None,
                basis=origin.basis if origin else None,
                since=origin.since if origin else None,
            )
        )
    return tuple(found)
