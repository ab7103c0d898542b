"""Options as every road shows them: JSON with decimal amounts, and lines for people."""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from domain import plan, promise, settlement
from domain.options import (
    Help,
    Option,
    Options,
    PayArrears,
    PayInFull,
    Plan,
    Promise,
    Settlement,
)
from domain.options.results import PromiseAnswer, SettlementAnswer, option_kind
from domain.values import Money
from gateway.options.words import meaning

Json = dict[str, Any]


def as_json(found: Options) -> Json:
    """Amounts are decimal texts of the account's currency, days YYYY-MM-DD."""
    return {
        "options": [_option(option) for option in found.offered],
        "withheld": to_builtins(found.withheld),
        "notes": to_builtins(found.notes),
    }


def told(option: Option) -> Iterator[str]:
    """What an option comes to, in lines; none where its name says it all."""
    match option:
        case PayInFull(amount=amount) | PayArrears(amount=amount):
            yield str(amount)
        case Promise():
            yield f"{option.minimum} to {option.maximum}, {option.earliest} to {option.latest}"
            if option.answer is not None:
                yield _verdict(_promise_answer(option.answer))
        case Plan(schedules=schedules):
            for schedule in schedules:
                yield _scheduled(schedule)
        case Settlement(terms=terms, answer=answer):
            for one in terms:
                payments = _payments(one.instalments)
                yield f"{one.amount} settles {one.balance} by {one.expires}: {payments}"
            if answer is not None:
                yield _verdict(_settlement_answer(answer))
        case Help(help=help_):
            more = help_.token or help_.hold_until
            yield help_.kind.value.replace("_", " ") + (f" {more}" if more else "")


def _option(option: Option) -> Json:
    shown: Json = {"kind": option_kind(option).value, "reason": option.reason.value}
    shown["rule"] = option.rule
    match option:
        case PayInFull(amount=amount) | PayArrears(amount=amount):
            shown["amount"] = _money(amount)
        case Promise():
            shown |= {"minimum": _money(option.minimum), "maximum": _money(option.maximum)}
            shown |= {"earliest": str(option.earliest), "latest": str(option.latest)}
            shown["answer"] = option.answer and _promise_answer(option.answer)
        case Plan(schedules=schedules):
            shown["schedules"] = [_schedule(schedule) for schedule in schedules]
        case Settlement(terms=terms, answer=answer):
            shown["terms"] = [_terms(one) for one in terms]
            shown["answer"] = answer and _settlement_answer(answer)
        case Help(help=help_):
            shown |= {"because": help_.reason.value, "help": help_.kind.value}
            shown["token"] = help_.token and _money(help_.token)
            shown["hold_until"] = help_.hold_until and str(help_.hold_until)
            shown["debt_advice"] = help_.debt_advice
    return shown


def _promise_answer(answer: PromiseAnswer) -> Json:
    match answer:
        case promise.Accepted(amount, due):
            return {"verdict": "accepted", "amount": _money(amount), "due": str(due)}
        case promise.Countered(nearest, rule):
            shown = {"verdict": "countered", "rule": rule.value}
            return shown | {"amount": _money(nearest.amount), "due": str(nearest.due)}
        case promise.Refused(rule):
            return {"verdict": "refused", "rule": rule.value}


def _settlement_answer(answer: SettlementAnswer) -> Json:
    match answer:
        case settlement.Accepted(terms):
            return {"verdict": "accepted", "terms": _terms(terms)}
        case settlement.Countered(nearest, rule):
            return {"verdict": "countered", "rule": rule.value, "terms": _terms(nearest)}
        case settlement.Refused(rule):
            return {"verdict": "refused", "rule": rule.value}


def _schedule(schedule: plan.Schedule) -> Json:
    return {
        "frequency": schedule.frequency.value,
        "total": _money(schedule.total),
        "instalments": _instalments(schedule.instalments),
        "differs": to_builtins(schedule.differs),
    }


def _terms(terms: settlement.Terms) -> Json:
    return {
        "amount": _money(terms.amount),
        "discount": _money(terms.discount),
        "expires": str(terms.expires),
        "instalments": _instalments(terms.instalments),
    }


def _instalments(listed: tuple[plan.Instalment, ...]) -> list[Json]:
    return [
        {"number": one.number, "due": str(one.due), "amount": _money(one.amount)} for one in listed
    ]


def _money(amount: Money) -> str:
    return str(amount.decimal)


def _scheduled(schedule: plan.Schedule) -> str:
    told = f"{schedule.frequency.value.replace('_', ' ')}: {_payments(schedule.instalments)}"
    differs = "; ".join(
        f"{each.field.replace('_', ' ')}: {meaning(f'plan.{each.rule}')}"
        for each in schedule.differs
    )
    return f"{told}; not as asked ({differs})" if differs else told


def _payments(listed: tuple[plan.Instalment, ...]) -> str:
    first, last = listed[0], listed[-1]
    if len(listed) == 1:
        return f"{first.amount.decimal} on {first.due}"
    equal = f"{len(listed)} of {first.amount.decimal}"
    if last.amount != first.amount:
        equal = f"{len(listed) - 1} of {first.amount.decimal}, then {last.amount.decimal}"
    return f"{equal}, {first.due} to {last.due}"


def _verdict(answer: Json) -> str:
    terms = answer.get("terms", answer)
    if "amount" not in terms:
        return "what was asked is refused"
    what = f"{terms['amount']} by {terms.get('due') or terms.get('expires')}"
    return f"accepted: {what}" if answer["verdict"] == "accepted" else f"instead: {what}"
