"""A reply as the answer to the question that was just asked."""

from nlu import pending
from nlu.reading import Reading
from nlu.shapes import PAYING, SOCIAL, confirming, is_choice, is_undecided


def answer_to_question(
    reading: Reading, scores: dict[str, float]
) -> tuple[dict[str, float], str] | None:
    """The reply as an answer to the pending question, or None where it is not one."""
    asked = reading.reply.pending
    if not asked:
        return None
    found, text = reading.found, reading.matter
    valued = bool(found.promised or found.paying)
    if found.plan is not None and found.plan.frequency:
        return None
    if confirming(reading):
        valued = valued and not is_choice(found)
        return _confirmation(text, valued)
    if asked.startswith("claim"):
        told = bool(found.days or found.paying) or pending.says_means(text)
        made = told and is_undecided(reading, scores, PAYING) and pending.is_past(text)
        return ({"already_paid": 0.9}, f"pending:{asked}") if made else None
    if asked.endswith("time"):
        more = bool(reading.rules) or bool(found.paying and found.paying.marked)
        when = not more and pending.says_when(found.text, found.spans)
        return ({"out_of_scope": OPEN}, f"pending:{asked}") if when else None
    bare = pending.only_fillers(found.text, found.spans)
    if valued and (bare or set(scores) <= SOCIAL) and asked.endswith(("date", "amount")):
        return {"promise_to_pay": 0.95}, f"pending:{asked}"
    if asked.endswith("amount") and pending.says_share(text) and bare:
        return {"promise_to_pay": 0.93}, f"pending:{asked}"
    if asked.endswith("date") and pending.says_first(text):
        return {"promise_to_pay": 0.93}, f"pending:{asked}"
    return None


OPEN = 0.2
"""Confidence of an answer in the customer's own words: it means nothing beside the question."""


def _confirmation(text: str, valued: bool) -> tuple[dict[str, float], str] | None:
    decided_by = "pending:confirmation"
    if valued and pending.is_short(text):
        scores = {"promise_to_pay": 0.94}
        if pending.says_no(text):
            scores["deny"] = 0.9
        return scores, decided_by
    if pending.says_yes(text) and len(text.split()) <= 5:
        return {"affirm": 0.97}, decided_by
    if pending.says_no(text) and len(text.split()) <= 4:
        return {"deny": 0.96}, decided_by
    return None
