"""What is around a walked conversation: its first context, and how steps change it."""

import random
from datetime import date
from typing import Any

from msgspec import structs

from domain.business_days import Calendar
from domain.context import Brand, Context
from domain.customers import Account, Customer
from domain.links import Purpose
from domain.options import Attributes, PlanPast, Situation, Terms
from domain.options import History as Past
from domain.plan import PlanRules
from domain.values import Money
from tests.dialogs.play import a_context

CURRENCY = {"US": "USD", "GB": "GBP"}
LOCALES = ("en-US", "en-GB", "es-US", "es-MX", "fr-FR", "de")
NAMES = ("Wilhelmina", "Quizzenbury")
SECRETS = (
    *NAMES, "Zebra Bank", "Revolving Gizmo", "segment-omega", "432.19", "432,19", "77.31", "77,31",
    "155.47", "155,47", "43.22", "43,22", "31 October", "October 31", "31 de octubre",
)  # fmt: skip
"""What only a verified customer reads: no figure here is one that a step may name."""


def start(chance: random.Random, jurisdiction: str) -> Context:
    currency = CURRENCY[jurisdiction]
    return a_context(
        jurisdiction=jurisdiction,
        currency=currency,
        locale=chance.choice(LOCALES),
        customer=Customer("c1", "C-1", *NAMES),
        account=account("owes", currency),
        situation=situation("plans", currency, jurisdiction),
    )


def account(kind: str, currency: str) -> Account | None:
    balance = {"nothing": 0, "huge": 10**15 + 43_219}.get(kind, 43_219)
    match kind:
        case "none":
            return None
        case "bare":
            return Account("a1", "A-1", Money(balance, currency))
    return Account(
        "a1", "A-1", Money(balance, "EUR" if kind == "foreign" else currency),
        minimum_due=Money(7_731, currency), arrears=Money(15_547, currency),
        due_date=date(2026, 10, 31), creditor="Zebra Bank", product="Revolving Gizmo",
        segment="segment-omega",
    )  # fmt: skip


def situation(kind: str, currency: str, jurisdiction: str) -> Situation | None:
    if kind == "none":
        return None
    rules = {"no_plans": None}.get(kind, PlanRules())
    past = PlanPast() if kind == "hard" else None
    known = Attributes(ref="A-1", balance=Money(43_219, currency), jurisdiction=jurisdiction)
    terms = Terms(Calendar.named(jurisdiction), plan=rules)
    return Situation(known, terms, Past(plan=past))


def changed(context: Context, what: str, to: Any) -> Context:
    """Days are the clock's and not changed here."""
    match what:
        case "verified" | "known":
            customer = structs.replace(context.customer, **{what: to})
            return structs.replace(context, customer=customer)
        case "brand":
            full = Brand("Harbor", "800-555-0100", "harbor.example")
            brands = {"full": full, "plain": Brand("Harbor"), "empty": Brand("")}
            return structs.replace(context, brand=brands[to])
        case "account":
            return structs.replace(context, account=account(to, context.currency))
        case "situation":
            found = situation(to, context.currency, context.jurisdiction)
            return structs.replace(context, situation=found)
        case "link":
            base = "" if to == "none" else "https://pay.example/p/"
            return structs.replace(
                context,
                link_base=base,
                links=dict.fromkeys(Purpose, "live-link") if to == "live" else {},
            )
    raise AssertionError(what)
