"""A journey of the tests' own: two questions, a check of the answers, and a promise."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from domain.commands import RecordPromise
from domain.events import PortalStep
from domain.values import Invalid, Money
from gateway.ids import new_id
from gateway.portal import journeys
from gateway.portal.deeds import Deed, carry_out
from gateway.portal.here import Here, Now
from gateway.portal.journey import Form, Journey, Step, View, always, wrong
from payment_links.amounts import parse_payment


async def ask_amount(here: Here) -> View:
    return View("check.html", {"rows": [("Amount", here.answers.get("amount", ""))], "button": "x"})


async def take_amount(here: Here, form: Form) -> str:
    try:
        amount = parse_payment(form.get("amount", ""), here.visit.balance)
    except Invalid as error:
        raise wrong("amount", here.t(f"amount.{error}", most="all")) from None
    here.answers["minor"] = str(amount.minor)
    return "check"


async def check(here: Here) -> View | str:
    if "minor" not in here.answers:
        return "amount"
    return View("check.html", {"rows": [("Amount", here.answers["minor"])], "button": "Promise"})


async def promise(here: Here, form: Form) -> str:
    async def make(now: Now, _: str) -> Deed:
        amount = Money(int(here.answers["minor"]), now.visit.balance.currency)
        if amount > now.visit.balance:
            raise wrong("main", "less is owed by now")
        due = now.context.rules and now.today
        command = RecordPromise(new_id(), amount, due, now.context.history.active)
        return Deed(PortalStep.PROMISED, (command,), amount, due)

    done = await carry_out(here, form, make)
    here.answers.clear()
    here.answers["reference"] = done.reference
    return "done"


async def done(here: Here) -> View:
    given = {"title": "Promised", "reference": here.answers["reference"], "rows": [], "about": []}
    return View("done.html", given)


TRIAL = Journey(
    name="promise",
    purpose="promise",
    offered=always,
    steps={
        "amount": Step(ask_amount, take_amount),
        "check": Step(check, promise, back="amount"),
        "done": Step(done),
    },
)


@contextmanager
def offered() -> Iterator[None]:
    """For as long as it lasts, the portal has this journey alone."""
    with patch.dict(journeys.JOURNEYS, {TRIAL.name: TRIAL}, clear=True):
        yield
