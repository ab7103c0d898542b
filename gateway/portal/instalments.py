"""Dated payments on pages: as a table, and kept among the answers for the last page. And the page
of a journey whose terms only a person can agree."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.plan import Instalment
from domain.values import Money
from gateway.portal.here import Here
from gateway.portal.journey import Step, View


def table_of(here: Here, instalments: Sequence[Instalment]) -> dict[str, Any]:
    """What check.html and done.html show as a table; its head is the journey's own."""
    return _table(here, [(one.due, one.amount) for one in instalments])


def kept(instalments: Sequence[Instalment]) -> str:
    return ",".join(f"{one.due}:{one.amount.minor}" for one in instalments)


def kept_table(here: Here, text: str) -> dict[str, Any]:
    """The table again, of what `kept` gave."""
    currency = here.visit.balance.currency
    parts = [each.partition(":") for each in text.split(",") if each]
    rows = [(date.fromisoformat(day), Money(int(minor), currency)) for day, _, minor in parts]
    return _table(here, rows)


def _table(here: Here, rows: Sequence[tuple[date, Money]]) -> dict[str, Any]:
    head = (here.t("table_day"), here.t("table_amount"))
    return {"head": head, "table": [(here.day(day), here.money(amount)) for day, amount in rows]}


def by_a_person() -> Step:
    """Says that nothing is agreed here at present, and how to go on."""

    async def show(here: Here) -> View:
        given = {"title": here.t("person"), "lines": [here.t("person_about")], "ways": []}
        return View("plain.html", given)

    return Step(show)
