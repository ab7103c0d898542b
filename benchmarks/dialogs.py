"""Deciding alone: how many events a second one core decides, over both shipped packs.

    python -m benchmarks.dialogs

Prints one JSON line. Customers differ in name, account, channel and history; their replies are the
held-out ones of the tests, understood by the shipped model before the clock starts. A tenth of the
events are payments, timers, links and the like. Each state is the one that the event before left.

`promises_per_s` is the dearest road alone: a day and an amount are named, and confirmed, each by
another customer and with other figures.
"""

import argparse
import gc
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialogs.pack import Pack
    from domain.context import Context
    from domain.events import Event
    from domain.understanding import Understanding

CUSTOMERS = 500  # of each pack
TURNS = 8  # of each customer in a pass
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PACKS = (("collections-us", "US", "en-US", "USD"), ("collections-uk", "GB", "en-GB", "GBP"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="gateway benchmark dialogs", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long it runs at least")
    print(json.dumps(measure(parser.parse_args().seconds)))


def measure(seconds: float) -> dict[str, Any]:
    """Figures by name. Passes take turns with making the next pass's events, off the clock."""
    from dialogs.decide import decide

    talks = [talk for number, pack in enumerate(PACKS) for talk in _talks(number, *pack)]
    spent, events, said = _run(talks, decide, seconds, TURNS)
    for number, talk in enumerate(talks):
        talk.events = _promises(number, talk.context)
    promising, promises, _ = _run(talks, decide, seconds / 2, 2)
    return {
        "events": events,
        "per_s": round(events / spent),
        "us_each": round(spent / events * 1e6, 1),
        "messages": said,
        "customers": len(talks),
        "seconds": round(spent, 1),
        "promises_per_s": round(promises / promising),
    }


def _run(talks: "list[Talk]", decide: Any, seconds: float, turns: int) -> tuple[float, int, int]:
    """Passes over all customers for so many CPU seconds; the first one is not counted."""
    _play(talks, decide, turns)
    spent, events, said = 0.0, 0, 0
    while spent < seconds:
        gc.collect()
        took, decided, messages = _play(talks, decide, turns)
        spent, events, said = spent + took, events + decided, said + messages
    return spent, events, said


class Talk:
    """One customer: the pack, what is known, and events without end."""

    def __init__(self, pack: "Pack", context: "Context", events: "Iterator[Event]") -> None:
        self.pack, self.context, self.events = pack, context, events


def _play(talks: list[Talk], decide: Any, turns: int) -> tuple[float, int, int]:
    """One pass: CPU seconds, events and messages."""
    from dialogs.state import State
    from domain.commands import Say

    made = [(talk, [next(talk.events) for _ in range(turns)]) for talk in talks]
    decided = said = 0
    started = time.process_time()
    for talk, events in made:
        pack, context = talk.pack, talk.context
        state: State = State.fresh(pack, context.locale)
        for event in events:
            decision = decide(pack, state, event, context)
            state = decision.state
            decided += 1
            said += any(type(command) is Say for command in decision.commands)
    return time.process_time() - started, decided, said


def _talks(number: int, pack_name: str, country: str, locale: str, currency: str) -> list[Talk]:
    from dialogs.loader import load_shipped

    pack, chance = load_shipped(pack_name), random.Random(number)
    heard = _understood()
    people = [_context(chance, at, country, locale, currency) for at in range(CUSTOMERS)]
    return [Talk(pack, one, _events(chance.randrange(1 << 30), heard, one)) for one in people]


def _understood() -> "list[tuple[str, Understanding]]":
    from benchmarks.nlu import replies
    from nlu.cascade import BuiltIn

    every = replies()
    return [(reply.text, found) for reply, found in zip(every, BuiltIn().parse(every), strict=True)]


def _context(
    chance: random.Random, number: int, country: str, locale: str, currency: str
) -> "Context":
    from domain.context import Brand, Context
    from domain.customers import Account, Customer
    from domain.ids import uuid7
    from domain.promise import History, PromiseRules
    from domain.values import ChannelKind, Money

    now = int(START.timestamp() * 1000)
    balance = Money(chance.randint(2_000, 900_000), currency)
    active = chance.random() < 0.2
    return Context(
        conversation_id=uuid7(now, chance.randrange(1 << 60)),
        client="harbor",
        brand=Brand("Harbor Recovery", "800-555-0100", "harbor.example"),
        jurisdiction=country,
        locale=locale,
        currency=currency,
        customer=Customer(
            f"c{number}", f"C-{number}", chance.choice(("Ana", "Ben", "Cleo", "Dev")), "Doe",
            verified=chance.random() < 0.3,
        ),
        account=Account(f"a{number}", f"A-{number}", balance, creditor="Zebra Bank"),
        channel=chance.choice((ChannelKind.SMS, ChannelKind.SMS, ChannelKind.EMAIL)),
        rules=PromiseRules(),
        history=History("p", Money(2_500, currency), date(2026, 11, 30)) if active else History(),
        today=START.date(),
        link_base="https://pay.example/p/",
    )  # fmt: skip


def _events(
    seed: int, heard: "list[tuple[str, Understanding]]", context: "Context"
) -> "Iterator[Event]":
    from domain.events import Said
    from domain.ids import uuid7

    chance, at = random.Random(seed), START
    while True:
        at += timedelta(minutes=chance.randint(1, 600))
        number = uuid7(int(at.timestamp() * 1000), chance.randrange(1 << 60))
        if chance.random() < 0.1:
            yield _other(chance, number, at, context)
            continue
        text, found = chance.choice(heard)
        yield Said(
            id=number, at=at, channel=context.channel, address="+14155550123", text=text,
            understanding=found,
        )  # fmt: skip


def _promises(seed: int, context: "Context") -> "Iterator[Event]":
    from domain.events import Said
    from domain.ids import uuid7
    from domain.understanding import Score, Understanding
    from domain.values import Money

    chance, at = random.Random(seed), START

    def said(text: str, intent: str, amount: Money | None, day: date | None) -> Said:
        found = Understanding(intent, 0.9, (Score(intent, 0.9),), "benchmark", amount, day)
        number = uuid7(int(at.timestamp() * 1000), chance.randrange(1 << 60))
        return Said(
            id=number, at=at, channel=context.channel, address="+14155550123", text=text,
            understanding=found,
        )  # fmt: skip

    while True:
        amount = Money(chance.randint(1_000, 2_000), context.currency)
        day = context.today + timedelta(days=chance.randint(1, 10))
        yield said(f"i pay {amount.decimal} on {day}", "promise_to_pay", amount, day)
        yield said("yes", "affirm", None, None)


def _other(chance: random.Random, number: str, at: datetime, context: "Context") -> "Event":
    from domain import events
    from domain.values import Money

    paid = Money(chance.randint(100, 50_000), context.currency)
    every = (
        lambda: events.Campaign(id=number, at=at, channel=context.channel, flow="reminder"),
        lambda: events.TimerDue(id=number, at=at, kind="no_reply", version=chance.randint(1, 4)),
        lambda: events.PaymentMade(id=number, at=at, payment_id="p", amount=paid),
        lambda: events.PaymentDeclined(id=number, at=at, payment_id="p", amount=paid),
        lambda: events.LinkOpened(id=number, at=at, link_id="l"),
        lambda: events.PromiseSettled(
            id=number, at=at, promise_id="p", kept=chance.random() < 0.5, amount=paid,
            due_date=at.date(),
        ),
    )  # fmt: skip
    return chance.choice(every)()


if __name__ == "__main__":
    main()
