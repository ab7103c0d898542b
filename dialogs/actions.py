"""What a flow's `action` may do besides saying something."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from dialogs.pack import Act, Reference
from dialogs.plans import OFFER_SLOTS, WISH_SLOTS, check_plan, record_plan
from dialogs.turn import Turn
from domain.commands import CancelQueued, Log, RecordPromise, SetTimer
from domain.comparison import Value
from domain.ids import derive
from domain.promise import Accepted, Countered, PromiseRules, Refused, evaluate
from domain.values import Money

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "cancel_flow": (),
    "cancel_queued": ("reason",),
    "check_plan": (),
    "check_promise": (),
    "handoff": ("reason", "urgent"),
    "record_plan": (),
    "record_promise": (),
    "report_claim": (),
    "report_representative": (),
    "report_time": (),
    "resolve_share": (),
}
"""The actions and what their `with` may hold."""

REPORTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "report_claim": (
        "payment.claimed",
        {"claim_date": "date", "claim_method": "method", "claim_details": "details"},
    ),
    "report_representative": (
        "legal.representation_reported",
        {"representative": "representative"},
    ),
    "report_time": ("preference.updated", {"agent_time": "time"}),
}
"""The actions that tell the host what was answered: the outcome, and its keys by their slots."""

_PROMISE = ("promise_amount", "promise_date", "promise_verdict")
ACTION_SLOTS: Mapping[str, tuple[str, ...]] = {
    "check_plan": (*WISH_SLOTS, *OFFER_SLOTS),
    "check_promise": _PROMISE,
    "record_plan": (*WISH_SLOTS, *OFFER_SLOTS, "plan_id"),
    "record_promise": (*_PROMISE, "promise_id"),
    **{name: tuple(keys) for name, (_, keys) in REPORTS.items()},
    "resolve_share": ("promise_amount", "promise_share"),
}
"""The slots that an action reads or sets."""

ACCEPTED = "accepted"
NO_ACCOUNT = "no_account"
WAKE = time(9)
"""Reminders and the end of a promise come due at this local time."""


def perform(turn: Turn, act: Act) -> None:
    match act.name:
        case "check_plan":
            check_plan(turn)
        case "record_plan":
            record_plan(turn)
        case "check_promise":
            turn.set_slot("promise_verdict", verdict(judged(turn)))
        case "record_promise":
            record_promise(turn)
        case "resolve_share":
            resolve_share(turn)
        case "handoff":
            reason = _option(turn, act, "reason")
            turn.hand_off(str(reason or "asked"), urgent=_option(turn, act, "urgent") is True)
        case "cancel_queued":
            turn.command(CancelQueued(str(_option(turn, act, "reason") or "dialog")))
        case "report_claim" | "report_representative" | "report_time":
            _report(turn, act.name)
        case "cancel_flow":
            turn.note("the interrupted flow is dropped")
            turn.drop_interrupted()


def _option(turn: Turn, act: Act, name: str) -> Value:
    value = act.options.get(name)
    return turn.lookup(value.name) if isinstance(value, Reference) else value


def _report(turn: Turn, action: str) -> None:
    """More about an outcome that is on record already."""
    event, keys = REPORTS[action]
    told = {key: _plainly(turn.slots.get(slot)) for slot, key in keys.items()}
    found = {key: value for key, value in told.items() if value is not None}
    turn.command(Log(event, {**found, "update": True}))


def _plainly(value: Value) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def judged(turn: Turn) -> Accepted | Countered | Refused | None:
    """The client's rules on the promise in the slots; None where a part or the account lacks."""
    amount, due = turn.slots.get("promise_amount"), turn.slots.get("promise_date")
    account = turn.context.account
    if account is None or not isinstance(amount, Money) or not isinstance(due, date):
        return None
    context = turn.context
    return evaluate(amount, due, account.balance, context.today, context.rules, context.history)


def verdict(result: Accepted | Countered | Refused | None) -> str:
    """As slots and conditions name it."""
    match result:
        case Accepted():
            return ACCEPTED
        case Countered(rule=rule) | Refused(rule=rule):
            return rule.value
    return NO_ACCOUNT


def record_promise(turn: Turn) -> None:
    """Records the promise in the slots where the rules accept it; `promise_id` says whether."""
    result = judged(turn)
    turn.set_slot("promise_verdict", verdict(result))
    if not isinstance(result, Accepted):
        turn.set_slot("promise_id", None)
        return
    history = turn.context.history
    if history.active and (history.active_amount, history.active_date) == (
        result.amount,
        result.due,
    ):
        turn.set_slot("promise_id", history.active)
        turn.note("the same promise is on record already")
        return
    promise = derive(turn.event.id, "promise")
    turn.set_slot("promise_id", promise)
    turn.note(f"promise recorded: {result.amount} on {result.due}")
    turn.command(RecordPromise(promise, result.amount, result.due, history.active))
    turn.command(CancelQueued("promise"))
    for timer in promise_timers(promise, result, turn.context.rules, turn.event.at, turn.speaks):
        turn.command(timer)


def promise_timers(
    promise: str, accepted: Accepted, rules: PromiseRules, now: datetime, reminds: bool
) -> Iterator[SetTimer]:
    """When what became of a promise is looked at, and its reminders; `now` is the customer's local
    time, aware."""
    days = [("promise_due", -(rules.grace_days + 1))]
    if reminds:
        days += [("promise_reminder", before) for before in rules.reminder_days]
    for kind, before in days:
        at = datetime.combine(accepted.due - timedelta(days=before), WAKE, tzinfo=now.tzinfo)
        after = at.astimezone(UTC) - now  # local times alone ignore a change of clocks
        if after > timedelta(hours=12):
            timer = derive(promise, f"{kind}:{before}")
            yield SetTimer(timer, kind, after, version=1, subject=promise)


def resolve_share(turn: Turn) -> None:
    """Turns "all of it" or "half" into an amount; only a verified customer may see it."""
    share, account = turn.slots.get("promise_share"), turn.context.account
    turn.set_slot("promise_share", None)
    if account is None or not turn.verified:
        return
    minor = account.balance.minor if share == "full" else -(-account.balance.minor // 2)
    turn.set_slot("promise_amount", Money(minor, account.balance.currency), is_secret=True)
