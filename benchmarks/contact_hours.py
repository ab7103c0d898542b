"""Scheduled messages over the changes of clocks and the year's end, against an oracle of its own.

    python -m benchmarks.contact_hours --messages 200000

On a virtual clock each message is asked about when it is queued, and again whenever its deferral
is over, until it goes or is refused. It must go at the first instant that the oracle finds, and
not at all where the oracle finds none. Writes benchmarks/results/contact-hours.json, prints it as
one line, and exits 1 where a message went at a wrong time, or waited longer than it had to.
"""

import argparse
import heapq
import sys
import time
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from benchmarks.contact_hours_customers import Customer, customer
from benchmarks.contact_hours_oracle import Spoken, first_instant, may_go
from compliance.facts import NEVER_OPTED_OUT, Facts, Party, Proposed
from compliance.gate import judge
from compliance.loading import shipped
from compliance.regions import regions
from compliance.verdict import Allowed, Deferred, Verdict
from compliance.zones import candidates
from domain.messages import Category
from domain.values import ChannelKind
from domain.windows import DAYS, Kind, OwnWindow, Statement

RESULTS = Path(__file__).parent / "results"
US, GB = shipped("US"), shipped("GB")
STRETCHES = {
    "year's end": ("2026-12-23", 13),
    "US spring, 14 March 2027": ("2027-03-11", 7),
    "UK spring and Easter, 28 March 2027": ("2027-03-24", 8),
    "UK autumn, 31 October 2027": ("2027-10-28", 6),
    "US autumn, 7 November 2027": ("2027-11-04", 6),
}
"""First days and lengths in days."""
MOST_WRONG = 20
MOST_ASKED = 10
"""No message should have to ask more than twice."""

Judge = Callable[[Proposed, Facts, Any, datetime], Verdict]


@dataclass(slots=True)
class Seen:
    """`first_asks`: went, waited or refused when queued; by kind of customer and by stretch."""

    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    stretches: dict[str, Counter[str]] = field(default_factory=dict)
    zones: set[str] = field(default_factory=set)
    asks: Counter[int] = field(default_factory=Counter)
    longest: timedelta = timedelta()
    judged: int = 0
    outside: int = 0
    late: int = 0
    early: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Scheduled:
    customer: Customer
    proposed: Proposed
    facts: Facts
    queued_at: datetime
    stretch: str
    asks: int = 0


def simulate(messages: int, seed: int, asked: Judge = judge) -> Seen:
    """`asked` is the gate; tests put faulty ones in its place."""
    chance, seen = Random(seed), Seen()
    queue = [(each.queued_at, at, each) for at, each in enumerate(_scheduled(chance, messages))]
    heapq.heapify(queue)
    while queue:
        now, at, each = heapq.heappop(queue)
        rules = GB if each.customer.truth.british else US
        verdict = asked(each.proposed, each.facts, rules, now)
        each.asks += 1
        seen.judged += 1
        if isinstance(verdict, Deferred) and each.asks < MOST_ASKED:
            if verdict.until <= now:
                _wrong(seen, each, f"deferred at {now} to {verdict.until}, which is past")
            heapq.heappush(queue, (max(verdict.until, now), at, each))
        else:
            _ended(seen, each, now, verdict)
    return seen


def _scheduled(chance: Random, messages: int) -> Iterator[Scheduled]:
    for _ in range(messages):
        drawn = customer(chance)
        stretch = chance.choice(list(STRETCHES))
        yield Scheduled(
            drawn, _proposed(drawn.truth.british), _facts(drawn), _instant(chance, stretch), stretch
        )


def _instant(chance: Random, stretch: str) -> datetime:
    """Half of them within seconds of a quarter of an hour, where hours begin and end."""
    first, days = STRETCHES[stretch]
    start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    at = start + timedelta(microseconds=chance.randrange(days * 86_400_000_000))
    if chance.random() < 0.5:
        quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
        at = quarter + timedelta(seconds=chance.choice((-6, -5, -4, -1, -0.000001, 0, 0.000001, 1)))
    return at


@lru_cache(maxsize=2)
def _proposed(british: bool) -> Proposed:
    return Proposed(
        category=Category.OUTREACH,
        channel=ChannelKind.SMS,
        address="+12125550123",
        text="Harbor: please call us. Reply STOP to opt out.",
        jurisdiction="GB" if british else "US",
        demand=True,
        language="en-GB" if british else "en-US",
        neutral=True,
        secrets=(),
    )


def _facts(drawn: Customer) -> Facts:
    """As the gate reads them: zones and places by its own tables, from what is known."""
    territory = (GB if drawn.truth.british else US).territory
    address = {name: value for name, value in drawn.known.items() if name != "stated"}
    return Facts(
        opt_outs=NEVER_OPTED_OUT,
        confirmation_sent=False,
        address_valid=True,
        unread_inbound=False,
        holds=(),
        zones=candidates(territory, **drawn.known),
        party=Party(proven_at=None, introduced=True, nobody=False, shared=False),
        own_windows=tuple(_statement(said) for said in drawn.truth.said),
        sends=(),
        sender_approved=True,
        regions=regions(territory, **address),
    )


@lru_cache(maxsize=64)
def _statement(said: tuple[Spoken, ...]) -> Statement:
    return tuple(
        OwnWindow(
            kind=Kind.ONLY if each.only else Kind.NEVER,
            days=tuple(DAYS[day] for day in sorted(each.days)),
            opens=each.opens,
            closes=each.closes,
        )
        for each in said
    )


def _ended(seen: Seen, each: Scheduled, now: datetime, verdict: Verdict) -> None:
    truth = each.customer.truth
    should = first_instant(truth, each.queued_at)
    seen.zones.update(truth.zones)
    seen.asks[each.asks] += 1
    went = isinstance(verdict, Allowed)
    end = "went at once" if went and each.asks == 1 else "waited" if went else "refused"
    seen.kinds.setdefault(each.customer.kind, Counter())[end] += 1
    seen.stretches.setdefault(each.stretch, Counter())[end] += 1
    if isinstance(verdict, Allowed):
        seen.longest = max(seen.longest, now - each.queued_at)
        valid = now + timedelta(seconds=verdict.valid_for or 0)
        if not may_go(truth, now) or not may_go(truth, valid):
            seen.outside += 1
            _wrong(seen, each, f"went at {now}, valid until {valid}, outside the hours")
        if should is None or now < should:
            seen.early += 1
            _wrong(seen, each, f"went at {now}; it should have at {should}")
        elif now > should:
            seen.late += 1
            _wrong(seen, each, f"went at {now}; it could have at {should}")
    elif should is not None:
        seen.late += 1
        _wrong(seen, each, f"was never sent; it could have at {should}")


def _wrong(seen: Seen, each: Scheduled, what: str) -> None:
    if len(seen.wrong) < MOST_WRONG:
        told = f"{each.customer.kind} {each.customer.known} {each.customer.truth}"
        seen.wrong.append(f"queued at {each.queued_at} for {told}: {what}")


def report(seen: Seen, messages: int, seed: int, seconds: float) -> dict[str, Any]:
    return {
        "simulation": "contact hours against plain zoneinfo",
        "seed": seed,
        "messages": messages,
        "judged": seen.judged,
        "zones": len(seen.zones),
        "sent_outside_the_windows": seen.outside,
        "sent_too_early": seen.early,
        "deferred_longer_than_needed": seen.late,
        "asks_of_a_message": {str(asks): count for asks, count in sorted(seen.asks.items())},
        "longest_wait_hours": round(seen.longest / timedelta(hours=1), 2),
        "stretches": {name: dict(sorted(ends.items())) for name, ends in seen.stretches.items()},
        "kinds": {name: dict(sorted(ends.items())) for name, ends in sorted(seen.kinds.items())},
        "seconds": round(seconds, 1),
        "wrong": seen.wrong,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contact_hours", description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20_261_130)
    given = parser.parse_args(arguments)
    zoneinfo.reset_tzpath(to=())  # the locked zones, as the gate has them
    began = time.monotonic()
    seen = simulate(given.messages, given.seed)
    found = msgspec.json.encode(report(seen, given.messages, given.seed, time.monotonic() - began))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "contact-hours.json").write_bytes(msgspec.json.format(found) + b"\n")
    print(found.decode())
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
