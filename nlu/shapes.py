# ruff: noqa: E501
"""What kind of paying the countables of a reply speak of, whatever its words resemble."""

import re
from collections.abc import Set

from nlu import pending
from nlu.entities import Entities
from nlu.numerals import TENS, UNITS
from nlu.reading import Reading

PAYING = frozenset({
    "promise_to_pay", "pay_now", "request_plan", "request_extension", "settlement_offer",
})  # fmt: skip
SOCIAL = frozenset({"affirm", "deny", "greeting", "thanks", "help", "out_of_scope", "auto_reply"})
UNSURE = 0.3
SURER = 0.5
"""Below these confidences an amount with a day to come is read as a promise: below the
first whatever else was guessed, below the second in place of what is easily mistaken for one.
"""
NOTHING_ELSE = 0.8
"""The same where nothing about the account was guessed."""
REGULAR = 0.6
"""Below this confidence a sum and its rhythm make a plan of what was guessed."""
DATED_AMOUNT = 0.75
AMENDED = 0.9
BARE = 0.6
BARE_AND_CERTAIN = 0.8
LEAST_BARE = 5
"""A smaller bare figure is as likely the number of a choice."""
_UNDECIDED = SOCIAL | {
    "promise_to_pay", "request_plan", "request_extension", "balance_query", "channel_preference",
    "agent_request", "wrong_person", "already_paid",
}  # fmt: skip
"""What the model may call a bare value that could stand for anything."""
_SHAPED = frozenset({
    "promise_to_pay", "request_plan", "hardship", "out_of_scope", "pay_now", "affirm",
})  # fmt: skip


def shaped(reading: Reading, scores: dict[str, float]) -> dict[str, float]:
    """What the countables say about the kind of paying: instalments make a plan of a promise, a
    single dated amount a promise of a plan; a day agreed to is a promise.
    """
    if "promise_to_pay" in scores and _CANCELS.search(reading.matter):
        return {name: share for name, share in scores.items() if name not in PAYING}
    best = max(scores.values(), default=0)
    mistakable = scores.keys() <= _UNDECIDED and not reading.rules
    least = NOTHING_ELSE if scores.keys() <= SOCIAL else SURER if mistakable else UNSURE
    if best < least and offers(reading):
        return {"promise_to_pay": DATED_AMOUNT}
    if _is_bare_value(reading, scores):
        found = reading.found
        certain = found.promised or (found.paying and found.paying.marked)
        least = BARE_AND_CERTAIN if certain else BARE
        guessed = scores.get("promise_to_pay", 0) if found.days else 0
        return {"promise_to_pay": max(least, guessed)}
    if not scores.keys() & _SHAPED:
        return scores
    found, plan = reading.found, reading.found.plan
    regular = plan is not None and plan.frequency is not None and plan.amount is not None
    if (regular or found.several) and "promise_to_pay" in scores:
        scores["request_plan"] = max(scores.pop("promise_to_pay"), scores.get("request_plan", 0))
    elif regular and best < REGULAR and set(scores) <= {"hardship", "out_of_scope", "pay_now"}:
        scores.pop("out_of_scope", None)
        scores["request_plan"] = 0.8
    elif set(scores) == {"affirm"} and found.promised:
        scores["promise_to_pay"] = 0.75
    elif set(scores) == {"request_plan"} and _single_offer(reading):
        return {"promise_to_pay": scores["request_plan"]}
    return scores


def amends(reading: Reading) -> bool:
    """ "Sorry, I meant 45, not 60": one value put in the place of another, whatever else the words
    resemble.
    """
    if reading.rules or not pending.amends(reading.matter):
        return False
    found = reading.found
    return (
        bool(found.promised or found.paying)
        and (found.plan is None or found.plan.frequency is None)
        and not found.several
        and _PAST.search(reading.matter) is None
        and _CANCELS.search(reading.matter) is None
    )


def amended(reading: Reading) -> dict[str, float]:
    scores = {"promise_to_pay": AMENDED}
    if confirming(reading) and pending.says_no(reading.matter):
        scores["deny"] = AMENDED
    return scores


def confirming(reading: Reading) -> bool:
    return (reading.reply.pending or "").endswith(("confirmed", "confirm"))


def is_undecided(reading: Reading, scores: dict[str, float], but: Set[str] = frozenset()) -> bool:
    """True where neither a rule nor the words say more than a value, or one of `but`, would."""
    return not reading.rules and scores.keys() <= _UNDECIDED | but


def _is_bare_value(reading: Reading, scores: dict[str, float]) -> bool:
    """True where the text is no more than an amount or a time: "50", "ok 50 then", "next week"."""
    if len(reading.words) > pending.SHORT or not is_undecided(reading, scores):
        return False
    found = reading.found
    if found.several or found.plan is not None or not (found.days or found.paying):
        return False
    return not is_choice(found) and pending.only_fillers(found.text, found.spans)


def is_choice(found: Entities) -> bool:
    """ "1": the number of an answer, where nothing marks it as money."""
    paying = found.paying
    return bool(paying and not paying.marked and paying.amount < LEAST_BARE and not found.promised)


_CANCELS = re.compile(
    r"\b(?:cancel|call off|withdraw|stop)(?:ling|ing)? (?:(?!and\b|but\b)\w+ ){0,3}(?:payment|promise|arrangement|transfer)\b"
)
"""A payment that shall not be made is no promise of one."""


def _single_offer(reading: Reading) -> bool:
    """One dated amount, and no word of parts or repetition."""
    if reading.found.plan is not None or reading.found.several:
        return False
    return offers(reading) and _PLAN.search(reading.matter) is None


_PLAN = re.compile(
    r"\b(?:plan|installments?|payments|split|spread|arrangement|monthly|weekly|start\w*|each|every|bits?|plazos|pagos|abonos|cuotas)\b"
)


def offers(reading: Reading) -> bool:
    """An amount and a day to come, in a text that says nothing of the past."""
    if not _countable(reading):
        return False
    found = reading.found
    return bool(found.paying and found.promised) and _PAST.search(reading.matter) is None


def _countable(reading: Reading) -> bool:
    """False where no amount can be, which costs less to see than to read one."""
    return any(word[0] in _DIGITS or word in _NUMBERS for word in reading.words)


_DIGITS = frozenset("0123456789")
_NUMBERS = UNITS.keys() | TENS.keys() | {
    "hundred", "thousand", "grand", "tenner", "fiver", "ton", "score", "pony", "monkey", "buck",
    "cien", "ciento", "mil", "quinientos", "doscientos", "trescientos",
}  # fmt: skip


_PAST = re.compile(r"\b(?:paid|sent|was|were|took|charged|already|owe|pague|mande|you said|sale)\b")
