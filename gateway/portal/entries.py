"""What customers enter in a journey's forms, read or refused with the words for it."""

from datetime import date

from domain.values import Invalid, Money
from gateway.portal.forms import Problem
from gateway.portal.here import Here
from gateway.portal.journey import Form, Wrong, wrong
from payment_links.amounts import parse_amount
from payment_links.verification import parse_date

PARTS = ("day", "month", "year")


def amount_of(here: Here, form: Form, most: Money, name: str = "amount") -> Money:
    """Up to `most`, which the reader is told. Raises Wrong."""
    try:
        amount = parse_amount(form.get(name, ""), most.currency)
    except Invalid as error:
        raise wrong(name, here.t(f"amount.{error}", most=here.money(most))) from None
    if amount > most:
        raise wrong(name, here.t("amount.too_much", most=here.money(most)))
    return amount


def day_of(here: Here, form: Form, name: str = "date") -> date:
    """From the three inputs NAME-day, NAME-month, NAME-year; today or later. Raises Wrong."""
    given = [form.get(f"{name}-{part}", "") for part in PARTS]
    first = f"{name}-{'month' if here.config.jurisdiction == 'US' else 'day'}"
    try:
        found = date.fromisoformat(parse_date(*given))
    except Invalid as error:
        raise Wrong(Problem(first, name, here.t(f"date.{error}"))) from None
    if found < here.today:
        raise Wrong(Problem(first, name, here.t("date.past")))
    return found


def kept_amount(here: Here, name: str = "amount") -> Money:
    """An amount among the answers. Raises KeyError where there is none."""
    return Money(int(here.answers[f"{name}_minor"]), here.visit.balance.currency)


def kept_day(here: Here, name: str = "date") -> date:
    return date.fromisoformat(here.answers[name])
