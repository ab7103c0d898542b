"""What an intent sets off whatever is replied: the stop, the outcome and the person.

The table is the field's practice and law in one place; packs word replies and can't undo it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dialogs.details import details, wishes
from dialogs.turn import Turn
from dialogs.windows import stated
from domain.commands import CancelQueued, Hold, HoldScope, KeepTimes, Log
from domain.events import Said
from domain.understanding import Understanding
from domain.windows import told as window_told


@dataclass(frozen=True, slots=True)
class Effect:
    """`event` is the outcome. `hold` (scope, days) suspends where it has no days.

    `pause` cancels queued outreach. `grave` takes effect however unsure the understanding is:
    leaving somebody alone by mistake is mended more easily than the contrary.
    """

    event: str | None = None
    scope: HoldScope | None = None
    days: int | None = None
    kind: str | None = None
    pause: bool = True
    person: bool = False
    urgent: bool = False
    grave: bool = False

    @property
    def suspends(self) -> bool:
        return self.scope in (HoldScope.ACCOUNT, HoldScope.CUSTOMER) and self.days is None


ACCOUNT, CUSTOMER = HoldScope.ACCOUNT, HoldScope.CUSTOMER
CLAIM_DAYS = 7
"""So long chasers rest while a claimed payment is looked for."""

EFFECTS: Mapping[str, Effect] = {
    "self_harm_risk": Effect(
        "safety.risk_flagged", CUSTOMER, kind="safety", person=True, urgent=True, grave=True
    ),
    "deceased": Effect(
        "customer.deceased_reported", CUSTOMER, kind="deceased", person=True, grave=True
    ),
    "bankruptcy": Effect(
        "legal.insolvency_reported", CUSTOMER, kind="bankruptcy", person=True, grave=True
    ),
    "attorney_represented": Effect(
        "legal.representation_reported", CUSTOMER, kind="attorney", person=True, grave=True
    ),
    "identity_theft": Effect(
        "fraud.identity_theft_reported", ACCOUNT, kind="fraud", person=True, grave=True
    ),
    "dispute": Effect("dispute.raised", ACCOUNT, kind="dispute", person=True, grave=True),
    "debt_validation": Effect(
        "validation.requested", ACCOUNT, kind="validation", person=True, grave=True
    ),
    "vulnerability": Effect(
        "vulnerability.disclosed", ACCOUNT, kind="vulnerability", person=True, grave=True
    ),
    "cease_contact": Effect(person=True, grave=True),
    "complaint": Effect("complaint.raised", person=True, grave=True),
    "abusive": Effect("conversation.abuse_flagged"),
    "scam_suspicion": Effect("conversation.authenticity_queried"),
    "already_paid": Effect("payment.claimed", ACCOUNT, CLAIM_DAYS, "payment_claimed"),
    "settlement_offer": Effect("settlement.offer_received"),
    "request_plan": Effect("plan.requested"),
    "request_extension": Effect("extension.requested"),
    "promise_to_pay": Effect(),
    "hardship": Effect("hardship.disclosed"),
    "balance_query": Effect("conversation.balance_requested", pause=False),
    "channel_preference": Effect("preference.updated", pause=False),
    "agent_request": Effect(person=True),
}
"""`opt_out`, `wrong_person`, `help`, `opt_in` and `auto_reply` have their own ways."""
SUSPENSIONS = frozenset(effect.kind for effect in EFFECTS.values() if effect.suspends)
"""Why nothing may be asked for until a person says otherwise."""


def apply(turn: Turn, intent: str, understanding: Understanding) -> None:
    effect = EFFECTS.get(intent)
    if effect is None:
        return
    told = payload(turn, intent, understanding)
    rest = RESTS.get(told.get("kind", "")) if intent == "attorney_represented" else None
    kind = effect.kind if rest is None else told["kind"]
    if effect.pause and not turn.stranger:
        turn.command(CancelQueued(intent, all=effect.suspends))
    if effect.scope is not None and kind is not None:
        # A stranger's word stops what goes to their own address, and no customer's account.
        scope = HoldScope.ADDRESS if turn.stranger else effect.scope
        turn.command(Hold(kind, scope, effect.days))
    if effect.suspends and not turn.stranger:
        suspend(turn, kind or intent)
    if effect.event is not None:
        event, more = (effect.event, {}) if rest is None else ("hold.requested", {"days": rest})
        turn.command(Log(event, told | more))
    if intent == "channel_preference":
        _keep_times(turn)
    if effect.person:
        turn.hand_off(intent, effect.urgent, deadline(turn) if intent == "complaint" else None)
    if intent == "abusive":
        turn.abuse += 1


def suspend(turn: Turn, kind: str) -> None:
    """Nothing is asked for until a person says otherwise."""
    turn.note(f"suspended: {kind}")
    if turn.suspended not in SUSPENSIONS:  # an account's end goes when it comes back
        turn.suspended = kind
    turn.drop_flows()


def _keep_times(turn: Turn) -> None:
    said = stated(turn.event.text if isinstance(turn.event, Said) else "")
    if said.windows:
        # A stranger speaks of their own address, and of no customer's.
        turn.command(KeepTimes(said.windows, said.here or turn.stranger))


RESTS: Mapping[str, int] = {
    # The Debt Respite Scheme (Breathing Space Moratorium) Regulations 2020: 60 days.
    "breathing_space": 60,
    # CONC 7.3.11R and its guidance: 30 days, and once more as many.
    "debt_adviser": 30,
}
"""Kinds of representation that ask for a rest of so many days. It ends when a person says so."""


def deadline(turn: Turn) -> date:
    """Of a complaint that is made today."""
    return turn.context.today + timedelta(days=turn.pack.settings.complaint_days)


def payload(turn: Turn, intent: str, understanding: Understanding) -> dict[str, Any]:
    """What the outcome tells the host: what was said in figures and codes, never in words."""
    text = turn.event.text if isinstance(turn.event, Said) else ""
    found: dict[str, Any] = {**details(intent, text)}
    match intent:
        case "complaint":
            found["deadline"] = deadline(turn).isoformat()
        case "vulnerability":
            found["code"] = found.pop("driver", "unspecified")  # the rest is for a person to ask
        case "channel_preference":
            found |= wishes(text)
            if times := stated(text).windows:
                found["times"] = [window_told(window) for window in times]
        case "request_plan" if understanding.instalment is not None:
            plan = understanding.instalment
            if plan.amount is not None:
                found["instalment"] = {
                    "amount": str(plan.amount.decimal), "currency": plan.amount.currency
                }  # fmt: skip
            found |= {"frequency": plan.frequency, "count": plan.count}
    if intent in FIGURES:
        found |= figures(understanding)
    if intent in REQUESTS and _asked_before(turn, intent):
        found["update"] = True  # more about the same request, not a second one
    return found


REQUESTS = ("request_plan", "settlement_offer", "request_extension", "already_paid")
"""The intents that may be told in several messages."""


def _asked_before(turn: Turn, intent: str) -> bool:
    """True where a flow of that intent is open still, or ended a short while before."""
    flows = [flow.name for flow, _ in turn.pack.by_intent.get(intent, ())]
    running = {frame.flow for frame in turn.old.stack}
    return any(flow in running or turn.lately(flow) for flow in flows)


FIGURES = ("already_paid", "settlement_offer", "request_plan", "request_extension", "dispute")
"""The intents whose outcome carries the amount and the date that were named."""


def figures(understanding: Understanding) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if understanding.amount is not None:
        found["amount"] = str(understanding.amount.decimal)
        found["currency"] = understanding.amount.currency
    if understanding.date is not None:
        found["date"] = understanding.date.isoformat()
    return found
