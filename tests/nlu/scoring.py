"""The held-out replies as cases, and their figures: `python -m tests.nlu.scoring`."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import UNSET
from ruamel.yaml import YAML

from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from gateway.commands.nlu.evaluate import in_text
from nlu.cascade import BuiltIn
from nlu.evaluation import Case, Expected, Plan, evaluate

FILES = ("heldout.yml", "heldout_fresh.yml", "heldout_last.yml", "heldout_wild.yml")


def cases(name: str) -> list[dict[str, Any]]:
    file = Path(__file__).parent / name
    return list(YAML(typ="safe", pure=True).load(file)["cases"])


def reply_of(case: dict[str, Any]) -> Reply:
    locale = case.get("l", "en-US")
    zone = ZoneInfo("Europe/London" if locale == "en-GB" else "America/Chicago")
    at = datetime(2026, 3, 4, 10, tzinfo=zone)
    currency = "GBP" if locale == "en-GB" else "USD"
    return Reply("1", case["t"], ChannelKind.SMS, locale, at, currency, case.get("p"))


def wanted(case: dict[str, Any]) -> list[str]:
    return case["i"] if isinstance(case["i"], list) else [case["i"]]


def right_intent(case: dict[str, Any], found: Understanding) -> bool:
    return found.intent in wanted(case)


def expected(case: dict[str, Any]) -> Expected:
    """Day and amount are judged where the case names one or a promise is meant."""
    promise = "promise_to_pay" in wanted(case)
    plan = {"e", "f", "n"} & case.keys()
    return Expected(
        intents=tuple(wanted(case)),
        date=case.get("d") if promise or "d" in case else UNSET,
        amount=_decimal(case.get("a")) if promise or "a" in case else UNSET,
        instalment=Plan(_decimal(case.get("e")), case.get("f"), case.get("n")) if plan else UNSET,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def report(name: str) -> None:
    judged = [Case(reply_of(case), expected(case)) for case in cases(name)]
    understander = BuiltIn()
    answers = understander.parse([case.reply for case in judged])
    in_text(evaluate(judged, answers), f"{understander.version}, {name}")


if __name__ == "__main__":
    for file_name in FILES:
        report(file_name)
