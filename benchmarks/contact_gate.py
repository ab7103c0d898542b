"""The contact gate alone: how many messages a second one core judges.

    python -m benchmarks.contact_gate

Prints one JSON line. For each message the whole of it is done that the sending transaction does
without the database: candidate zones and places of the customer, the rules in force there on that
day, every rule's verdict, and the JSON of verdict and facts that is kept on the message. Customers
are of the United States and the United Kingdom, some of New York City and Massachusetts, of states
with two zones, with toll-free numbers or without address; some are on hold, opted out or at their
cap; half of their clients have stricter terms of their own. Each pass is a quarter of an hour after
the one before, so that windows, days and caches move.

`floor_per_s` is the least that any gate must do for the same messages in the same run: one answer
from a row of comparisons, without verdicts by rule, versions, places or dates.
"""

import argparse
import gc
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from compliance.facts import Facts, Proposed
    from compliance.resolving import Own

CUSTOMERS = 20_000
START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
STEP = timedelta(minutes=15)
ZIPS = ("10001", "11201", "10701", "02134", "60601", "32501", "85001", "86503", "97914", "96813")
AREAS = ("212", "718", "617", "312", "850", "602", "928", "541", "808", "800")
POSTCODES = ("SW1A 1AA", "EH1 1AA", "CF10 1AA", "BT1 1AA", "TD15 1AA", "JE2 3AB", "M1 1AE")


class Case(NamedTuple):
    """One message about to go, and what is known of its customer."""

    proposed: "Proposed"
    country: str | None
    postal_code: str | None
    phones: tuple[str, ...]
    facts: "Facts"
    own: "Own"


def main() -> None:
    parser = argparse.ArgumentParser(prog="gateway benchmark gate", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long it runs at least")
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help="how many there are")
    given = parser.parse_args()
    print(json.dumps(measure(given.seconds, given.customers)))


def measure(seconds: float, customers: int = CUSTOMERS) -> dict[str, Any]:
    """Figures by name, of CPU time. The first pass, in which every cache is empty, counts by
    itself."""
    cases = _cases(customers)
    first, _ = _pass(cases, _judged, 0)
    spent, judged, outcomes = _run(cases, _judged, seconds)
    least, done, _ = _run(cases, _least, seconds / 4)
    return {
        "messages": judged,
        "per_s": round(judged / spent),
        "us_each": round(spent / judged * 1e6, 1),
        "first_pass_per_s": round(len(cases) / first),
        "floor_per_s": round(done / least),
        "customers": len(cases),
        "seconds": round(spent, 1),
        "outcomes": {name: round(count / judged, 3) for name, count in sorted(outcomes.items())},
        "bytes_kept": _bytes_kept(cases),
    }


Work = Callable[[Case, datetime], str]


def _run(cases: Sequence[Case], work: Work, seconds: float) -> tuple[float, int, Counter[str]]:
    spent, passes, outcomes = 0.0, 0, Counter[str]()
    while spent < seconds:
        gc.collect()
        passes += 1
        took, found = _pass(cases, work, passes)
        spent += took
        outcomes += found
    return spent, passes * len(cases), outcomes


def _pass(cases: Sequence[Case], work: Work, number: int) -> tuple[float, Counter[str]]:
    at = START + number * STEP
    started = time.process_time()
    found = [work(case, at + timedelta(milliseconds=n)) for n, case in enumerate(cases)]
    return time.process_time() - started, Counter(found)


def _judged(case: Case, at: datetime) -> str:
    verdict, _ = _whole(case, at)
    return verdict


def _whole(case: Case, at: datetime) -> tuple[str, bytes]:
    from msgspec import structs

    from compliance.gate import judge
    from compliance.loading import shipped_book
    from compliance.places import Where
    from compliance.regions import regions
    from compliance.resolving import rules_for
    from compliance.verdict import encode
    from compliance.zones import candidates

    book, jurisdiction = shipped_book(), case.proposed.jurisdiction
    place = {"phones": case.phones, "postal_code": case.postal_code, "country": case.country}
    territory = book.of(jurisdiction).territory
    zones = candidates(territory, **place)
    where = Where(case.country, case.postal_code, case.phones, zones)
    rules = rules_for(book, jurisdiction, where, at, case.own)
    facts = structs.replace(case.facts, zones=zones, regions=regions(territory, **place))
    verdict = judge(case.proposed, facts, rules, at)
    return type(verdict).__name__.lower(), encode(verdict, facts)


def _bytes_kept(cases: Sequence[Case]) -> int:
    sizes = sorted(len(_whole(case, START)[1]) for case in cases[:1000])
    return sizes[len(sizes) // 2]


ZONES = {
    code: ZoneInfo(zone) for code, zone in (("US", "America/New_York"), ("GB", "Europe/London"))
}
CLOSES = {"US": 21, "GB": 20}


def _least(case: Case, at: datetime) -> str:
    facts, jurisdiction = case.facts, case.proposed.jurisdiction
    if facts.opt_outs.address or facts.holds or not facts.sender_approved:
        answer = "suppressed"
    elif len(facts.sends or ()) > 1 or facts.unread_inbound:
        answer = "deferred"
    else:
        hour = at.astimezone(ZONES[jurisdiction]).hour
        answer = "allowed" if 8 <= hour < CLOSES[jurisdiction] else "deferred"
    json.dumps(
        {"verdict": answer, "address": facts.address_valid, "channel": case.proposed.channel}
    )
    return answer


def _cases(count: int) -> list[Case]:
    from compliance.resolving import NOTHING_OWN, Override, Own

    chance = random.Random(1)
    stricter = Override(rule="hours", changes={"opens": "09:00"}, source="contract")
    fewer = Override(rule="weekly_cap", changes={"limit": 3}, source="contract")
    own = (NOTHING_OWN, NOTHING_OWN, Own(overrides=(stricter,), mark="own.a"),
           Own(overrides=(stricter, fewer), mark="own.b"))  # fmt: skip
    return [_case(chance, number, chance.choice(own)) for number in range(count)]


def _case(chance: random.Random, number: int, own: "Own") -> Case:
    from compliance.facts import Proposed
    from compliance.secrets import SecretAmount, SecretName
    from domain.messages import Category
    from domain.values import ChannelKind, Money

    american = chance.random() < 0.6
    area = chance.choice(AREAS)
    phone = f"+1{area}555{number % 10_000:04}" if american else f"+447700{900_000 + number % 1000}"
    code = chance.choice(ZIPS if american else POSTCODES) if chance.random() < 0.9 else None
    category = chance.choices(list(Category), [45, 50, 2, 2, 1])[0]
    proposed = Proposed(
        category=category,
        channel=ChannelKind.SMS if chance.random() < 0.8 else ChannelKind.EMAIL,
        address=phone,
        text=f"Harbor Recovery, a debt collector: ref {number % 1000:03}. Reply STOP to opt out."
        if american
        else f"Harbor Recovery: your reference {number % 1000:03}. Reply STOP to opt out.",
        jurisdiction="US" if american else "GB",
        demand=chance.random() < 0.5,
        language="en-US" if american else "en-GB",
        neutral=chance.random() < 0.5,
        secrets=(
            SecretAmount("balance", Money(48_000, "USD")),
            SecretName("customer", "Ada", "Low"),
        ),
    )
    country = proposed.jurisdiction if code or chance.random() < 0.5 else None
    return Case(proposed, country, code, (phone,), _facts(chance), own)


def _facts(chance: random.Random) -> "Facts":
    from compliance.facts import ActiveHold, Facts, OptOuts, Party, Send
    from domain.values import ChannelKind

    def maybe(share: float) -> datetime | None:
        return START - timedelta(hours=chance.randrange(100)) if chance.random() < share else None

    sent = chance.choices((0, 1, 2, 3, 7), (50, 30, 10, 7, 3))[0]
    return Facts(
        opt_outs=OptOuts(address=maybe(0.03)),
        confirmation_sent=False,
        address_valid=chance.random() < 0.99,
        unread_inbound=chance.random() < 0.02,
        holds=(ActiveHold("dispute", None),) if chance.random() < 0.05 else (),
        zones=(),
        own_windows=(),
        party=Party(proven_at=None, introduced=True, nobody=False, shared=False),
        sends=tuple(Send(START - n * timedelta(hours=20), ChannelKind.SMS) for n in range(sent)),
        sender_approved=True,
        last_inbound_at=maybe(0.3),
        last_inbound_channel=ChannelKind.SMS,
    )


if __name__ == "__main__":
    main()
