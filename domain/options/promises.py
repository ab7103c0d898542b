"""A promise: the bounds of today, as narrow as the host has them."""

from dataclasses import replace
from datetime import date

from domain.options.case import HOST, Case, Findings
from domain.options.hosted import HostOffers, Note, NoteRule
from domain.options.results import Kind, Promise, PromiseAnswer, Reason, Withheld
from domain.promise import (
    Accepted,
    Countered,
    PromiseRules,
    Refused,
    evaluate,
    latest_date,
    minimum,
)
from domain.values import Money


def narrowed(
    balance: Money, rules: PromiseRules | None, offers: HostOffers, today: date
) -> tuple[PromiseRules | None, tuple[Note, ...]]:
    """The client's rules as narrow as the host has them (None: no promise today), and notes of
    where the host is wider."""
    host, notes = offers.promise, []
    if rules is None or host is None:
        return rules, ()
    if host.minimum is not None:
        if host.minimum < minimum(balance, rules):
            notes.append(Note("/promise/minimum", NoteRule.OUT_OF_BOUNDS.value))
        rules = replace(rules, minimum_minor=max(rules.minimum_minor, host.minimum.minor))
    if host.latest is not None:
        if host.latest < today:
            return None, (*notes, Note("/promise/latest", NoteRule.EXPIRED.value))
        if host.latest > latest_date(today, rules):
            notes.append(Note("/promise/latest", NoteRule.OUT_OF_BOUNDS.value))
        days = min(rules.latest_days, (host.latest - today).days)
        rules = replace(rules, latest_days=days)
    return rules, tuple(notes)


def bar(case: Case) -> str | None:
    """The rule by which no promise is taken, whatever its own rules say."""
    barred = case.barred(Kind.PROMISE)
    return "plan.active" if barred is None and case.history.plan is not None else barred


def promise_option(case: Case) -> Findings:
    balance, today, before = case.account.balance, case.today, case.history.promise
    rules, notes = narrowed(balance, case.terms.promise, case.offers, today)
    yield from notes
    barred = bar(case)
    if barred is not None or rules is None:
        own = case.terms.promise is None
        rule = NoteRule.NOT_OFFERED.value if own else f"{HOST}/promise"
        yield Withheld(Kind.PROMISE, barred or rule)
        return
    least, latest = minimum(balance, rules), latest_date(today, rules)
    for amount, due in ((least, today), (balance, latest)):
        judged = evaluate(amount, due, balance, today, rules, before)
        if isinstance(judged, Refused):
            yield Withheld(Kind.PROMISE, f"promise.{judged.rule}")
            return
    answer = None
    if case.asked.amount is not None or case.asked.due is not None:
        amount, due = case.asked.amount or balance, case.asked.due or latest
        answer = evaluate(amount, due, balance, today, rules, before)
    by_host = rules != case.terms.promise
    yield Promise(
        reason=_reason(answer, by_host=by_host),
        rule=f"{HOST}/promise" if by_host else case.terms.place("promise"),
        minimum=least,
        maximum=balance,
        earliest=today,
        latest=latest,
        answer=answer,
    )


def _reason(answer: PromiseAnswer | None, *, by_host: bool) -> Reason:
    match answer:
        case Accepted():
            return Reason.AS_ASKED
        case Countered():
            return Reason.NEAREST
    return Reason.HOST if by_host else Reason.WITHIN_RULES
