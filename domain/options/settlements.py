"""Settlement: the open offer, which may be the host's, and the answer to the customer's own."""

from msgspec import structs

from domain.options.case import HOST, Case, Findings
from domain.options.hosted import HostSettlement, Note, NoteRule
from domain.options.results import Kind, Reason, Settlement, SettlementAnswer, Withheld
from domain.settlement import (
    Accepted,
    Countered,
    Debt,
    Refused,
    SettlementRules,
    judge,
    offer,
)
from domain.values import Money


def settlement_option(case: Case) -> Findings:
    rules, host = case.terms.settlement, case.offers.settlement
    barred = case.not_wanted(Kind.SETTLEMENT)
    if barred is None and case.history.plan is not None:
        barred = "plan.active"
    if rules is None or barred is not None:
        if host is not None:
            yield Note("/settlement", NoteRule.NOT_OFFERED.value)
        yield Withheld(Kind.SETTLEMENT, barred or NoteRule.NOT_OFFERED.value)
        return
    hosted = None if host is None else host.of(case.account.balance)
    if hosted is not None and hosted >= case.account.balance:
        yield Note("/settlement", NoteRule.NO_DISCOUNT.value)
        hosted = None
    yield from _settlement(case, _until(rules, host, hosted, case), hosted)


def _until(
    rules: SettlementRules, host: HostSettlement | None, hosted: Money | None, case: Case
) -> SettlementRules:
    """The rules with the host's last day, where that comes before the client's."""
    if hosted is None or host is None or host.until is None:
        return rules
    days = min(rules.validity_days, (host.until - case.today).days)
    return structs.replace(rules, validity_days=days)


def _settlement(case: Case, rules: SettlementRules, hosted: Money | None) -> Findings:
    account, before = case.account, case.history.settlement
    debt = Debt(account.balance, account.due_date, account.segment, hosted)
    found = offer(debt, rules, before, case.today, case.terms.calendar)
    if isinstance(found, Refused):
        if hosted is not None:
            yield Note("/settlement", f"settlement.{found.rule}")
        yield Withheld(Kind.SETTLEMENT, f"settlement.{found.rule}")
        return
    shown = found.terms[0].amount
    if hosted is not None and hosted != shown:
        held = before.held == shown and shown < hosted
        yield Note("/settlement", (NoteRule.HELD if held else NoteRule.OUT_OF_BOUNDS).value)
    answer = None
    if case.asked.settlement is not None:
        wish, calendar = case.asked.settlement, case.terms.calendar
        answer = judge(wish, debt, rules, before, case.today, calendar)
    yield Settlement(
        reason=_reason(answer, by_host=hosted == shown),
        rule=f"{HOST}/settlement" if hosted == shown else case.terms.place("settlement"),
        terms=found.terms,
        answer=answer,
    )


def _reason(answer: SettlementAnswer | None, *, by_host: bool) -> Reason:
    match answer:
        case Accepted():
            return Reason.AS_ASKED
        case Countered():
            return Reason.NEAREST
    return Reason.HOST if by_host else Reason.WITHIN_RULES
