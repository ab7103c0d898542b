"""Answers the held-out replies and counts what is right: `python -m tests.nlu.scoring`."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from nlu.cascade import BuiltIn

FILES = ("heldout.yml", "heldout_fresh.yml", "heldout_last.yml", "heldout_wild.yml")
SAFETY = frozenset({
    "self_harm_risk", "deceased", "bankruptcy", "attorney_represented", "identity_theft",
    "cease_contact", "wrong_person", "opt_out", "dispute", "vulnerability",
})  # fmt: skip


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


def right_entities(case: dict[str, Any], found: Understanding) -> dict[str, bool]:
    """Which of the entities that the case names were found exactly."""
    right: dict[str, bool] = {}
    if "promise_to_pay" in wanted(case) or "d" in case:
        right["date"] = found.date == case.get("d")
    if "promise_to_pay" in wanted(case) or "a" in case:
        right["amount"] = (str(found.amount.decimal) if found.amount else None) == case.get("a")
    if {"e", "f", "n"} & case.keys():
        plan = found.instalment
        amount = str(plan.amount.decimal) if plan and plan.amount else None
        said = (amount, plan.frequency if plan else None, plan.count if plan else None)
        right["plan"] = said == (case.get("e"), case.get("f"), case.get("n"))
    return right


def report(name: str) -> None:
    every = cases(name)
    answers = BuiltIn().parse([reply_of(case) for case in every])
    tally: Counter[str] = Counter()
    for case, found in zip(every, answers, strict=True):
        names = wanted(case)
        good = right_intent(case, found)
        tally["all"] += 1
        tally["primary"] += good
        tally["listed"] += good or any(found.has(name) for name in names)
        if found.confidence >= 0.6:
            tally["sure"] += 1
            tally["sure_right"] += good
        if len(names) == 1 and names[0] in SAFETY:
            tally["safety"] += 1
            tally["safety_found"] += found.has(*names)
        tally["false_opt_out"] += found.has("opt_out", "cease_contact") and not (
            {"opt_out", "cease_contact", "wrong_person", "deceased"} & set(names)
        )
        for name, right in right_entities(case, found).items():
            tally[name] += 1
            tally[f"{name}_right"] += right
            if not right:
                print("ENTITY", name, case, found.date, found.amount, found.instalment)
        if not good:
            print(
                "INTENT",
                case["t"],
                "| want",
                names,
                "| got",
                found.intent,
                found.confidence,
                found.decided_by,
            )
    print(dict(tally))
    error = 0.0
    for low in range(10):
        inside = [
            (found.confidence, right_intent(case, found))
            for case, found in zip(every, answers, strict=True)
            if low / 10 <= found.confidence < (low + 1) / 10 or (low == 9 and found.confidence == 1)
        ]
        if inside:
            gap = abs(sum(c for c, _ in inside) - sum(r for _, r in inside))
            error += gap / len(every)
    print("expected calibration error", round(error, 3))


if __name__ == "__main__":
    for file_name in FILES:
        report(file_name)
