"""What happens around a conversation: outreach, timers, payments, promises, plans, the host."""

from dialogs.effects import suspend
from dialogs.engine import begin, beside, interject, run, run_beside
from dialogs.pack import OPTIONAL, PATTERN_NO_REPLY, PATTERN_SESSION_START, PATTERNS
from dialogs.turn import Turn
from domain.commands import CancelQueued, Handoff, Log
from domain.events import (
    Campaign,
    CodeAsked,
    HostChange,
    HostUpdated,
    LinkAsked,
    PartyCleared,
    PaymentAbandoned,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PlanMoved,
    PlanStep,
    PortalDone,
    PortalStep,
    PromiseSettled,
    SendFailed,
    TimerDue,
)
from domain.links import DEMANDS
from domain.messages import Category
from domain.values import ChannelKind, Money

EVENTS = (
    "payment_made", "payment_declined", "payment_abandoned", "payment_returned", "promise_kept",
    "promise_broken", "promise_reminder", *(f"plan_{step}" for step in PlanStep), "link_opened",
    *(f"portal_{step}" for step in PortalStep), "link_asked", "code_asked", "host_update",
    "delivery_failed",
)  # fmt: skip
"""What may stand under `metadata.gateway.on`."""
ENDINGS = (HostChange.CLOSED, HostChange.RECALLED)
NO_OUTREACH = frozenset((*PATTERNS, *OPTIONAL))
"""Patterns answer something: none of them begins a conversation."""


def _on(turn: Turn, event: str) -> None:
    """Runs the pack's flow for an event beside what is going on, where one may speak."""
    flow = turn.pack.by_event.get(event)
    if flow is None:
        turn.note(f"no flow for {event}")
    elif turn.person is not None:
        turn.note(f"nothing on {event}: a person has the conversation")
    elif turn.held and not flow.while_suspended:
        turn.note(f"nothing on {event}: suspended ({turn.held})")
    elif not turn.speaks:
        turn.note(f"nothing on {event}: this channel was asked to be quiet")
    elif turn.may_start(flow):
        interject(turn, flow)


def campaign(turn: Turn, event: Campaign) -> None:
    turn.category = Category.OUTREACH
    flow = None if event.flow in NO_OUTREACH else turn.pack.flows.get(event.flow)
    rule = None
    if flow is None:
        rule = "unknown_flow"
    elif not turn.speaks:
        rule = "opted_out"
    elif turn.suspended:
        rule = "suspended"
    elif turn.person is not None:
        rule = "with_person"
    elif turn.question is not None:
        rule = "conversation_open"
    elif not turn.may_start(flow):
        rule = "flow_guard"
    if flow is None or rule is not None:
        turn.note(f"no outreach: {rule}")
        turn.command(Log("message.suppressed", {"rule": rule, "flow": event.flow}))
        return
    turn.drop_flows()
    turn.misses = turn.abuse = 0
    if not turn.met:
        beside(turn, PATTERN_SESSION_START)
    begin(turn, flow)
    run(turn)
    turn.outreach = bool(turn.spoken)


def timer(turn: Turn, event: TimerDue) -> None:
    match event.kind:
        case "no_reply":
            _no_reply(turn, event)
        case "promise_reminder":
            turn.category = Category.OUTREACH
            if event.subject is None or event.subject != turn.context.history.active:
                turn.note("that promise is no longer pending")
            else:
                turn.event_amount = turn.context.history.active_amount
                turn.event_date = turn.context.history.active_date
                _on(turn, "promise_reminder")
        case "hold_end" if turn.suspended and turn.suspended not in ENDINGS:
            turn.note(f"no longer suspended: {turn.suspended}")
            turn.suspended = None
        case _:
            turn.note(f"nothing to say on {event.kind}")


def _no_reply(turn: Turn, event: TimerDue) -> None:
    flow = turn.flow
    stands = event.version == turn.old.version and turn.question is not None
    if not stands or flow is None or turn.person is not None:
        turn.note("a late timer: the conversation has moved on")
        return
    turn.category = Category.OUTREACH
    rung, last = turn.rung, turn.nudges + 1 >= len(turn.pack.settings.no_reply)
    patient = flow.nudge and turn.speaks and not turn.held
    if last or not patient:
        turn.note("no reply: the conversation ends")
        turn.drop_flows()
        if rung.response and patient:
            turn.say(rung.response)
        turn.outreach = turn.speaks  # a late yes has nothing to answer any more: we offer a way on
        turn.command(Log("conversation.expired", {"flow": flow.name}))
        return
    turn.nudges += 1
    turn.note(f"no reply after {rung.hours} hours: asked again")
    if rung.response is None:
        run_beside(turn, turn.pack.flows[PATTERN_NO_REPLY])
    else:
        turn.say(rung.response)
        turn.question = None
        run(turn)


def paid(turn: Turn, event: PaymentMade) -> None:
    turn.event_amount = event.amount
    turn.command(CancelQueued("payment"))
    if _settles(turn, event) and turn.stack:
        turn.note("the payment settles what was being asked")
        turn.drop_flows()
    _on(turn, "payment_made")


def _settles(turn: Turn, event: PaymentMade) -> bool:
    """True where nothing is left, or as much was paid as the customer was about to promise."""
    if event.balance is not None and event.balance.minor <= 0:
        return True
    named = turn.slots.get("promise_amount")
    return (
        not isinstance(named, Money)
        or named.currency != event.amount.currency
        or event.amount >= named
    )


def not_paid(turn: Turn, event: PaymentDeclined | PaymentReturned | PaymentAbandoned) -> None:
    turn.event_amount = event.amount
    if isinstance(event, PaymentAbandoned):
        turn.note("the page on which the customer was to pay is closed")
        turn.category = Category.OUTREACH
        _on(turn, "payment_abandoned")
        return
    if isinstance(event, PaymentReturned):
        turn.note(f"a payment was {event.how.replace('_', ' ')}: {event.amount}")
        turn.category = Category.OUTREACH
        _on(turn, "payment_returned")
    else:
        _on(turn, "payment_declined")


def opened(turn: Turn) -> None:
    turn.note("the customer proved who they are")
    turn.verified = True
    _on(turn, "link_opened")


def link_asked(turn: Turn, event: LinkAsked) -> None:
    """Nobody has proved anything: the answer goes where the old link went, and nowhere else."""
    turn.note(f"a link has expired, and a new one is asked for: {event.purpose}")
    turn.channel, turn.address, turn.purpose = event.channel, event.address, event.purpose
    account = turn.context.account
    elsewhere = account is None or account.id != event.account_id
    unasked = turn.held and event.purpose in DEMANDS
    if turn.speaks and (unasked or elsewhere):
        turn.hand_off("link_asked")
    else:
        _on(turn, "link_asked")


def code_asked(turn: Turn, event: CodeAsked) -> None:
    """Whoever reads there is the customer, or we would not have the address; nothing else is said
    there, and where this conversation goes on is left as it is."""
    turn.note(f"a one-time code is asked for, by {event.channel.value}")
    turn.channel, turn.address, turn.event_code = event.channel, event.address, event.code
    _on(turn, "code_asked")


def promise_settled(turn: Turn, event: PromiseSettled) -> None:
    turn.event_amount, turn.event_date = event.amount, event.due_date
    turn.category = Category.REPLY if event.kept else Category.OUTREACH
    _on(turn, "promise_kept" if event.kept else "promise_broken")


def plan_moved(turn: Turn, event: PlanMoved) -> None:
    turn.event_amount, turn.event_date = event.amount, event.due_date
    good = event.step in (PlanStep.PAID, PlanStep.COMPLETED)
    turn.category = Category.REPLY if good else Category.OUTREACH
    _on(turn, f"plan_{event.step}")


ASIDE = frozenset({PortalStep.PREFERENCES, PortalStep.ASSESSED})
"""What was asked in the conversation stands beside these; the others take its place."""


def completed(turn: Turn, event: PortalDone) -> None:
    """What the customer has done on the portal interrupts what was going on, as if said here."""
    turn.note(f"done on the portal: {event.step}")
    turn.event_amount, turn.event_date = event.amount, event.due_date
    if event.step not in ASIDE:
        turn.drop_flows()
    if event.step is not PortalStep.PREFERENCES:
        turn.command(CancelQueued("portal", all=event.suspends is not None))
    if event.suspends is not None:
        suspend(turn, event.suspends)
    for channel in event.channels:
        turn.opted_out = tuple(dict.fromkeys((*turn.opted_out, channel.value)))
    _on(turn, f"portal_{event.step}")


def host_updated(turn: Turn, event: HostUpdated) -> None:
    """A closed or recalled account ends what was going on, and asks for nothing from then on."""
    turn.event_amount, turn.event_change = event.balance, event.change.value
    turn.category = Category.OUTREACH
    earlier = turn.suspended
    if event.change in ENDINGS:
        turn.note(f"the account is {event.change}: what was going on ends")
        turn.drop_flows()
        turn.outreach = False
        turn.suspended = turn.suspended or event.change.value
        turn.command(CancelQueued(f"account_{event.change}", all=True))
    elif turn.suspended in ENDINGS:
        turn.note(f"no longer {turn.suspended}")
        turn.suspended = None
    if event.change in ENDINGS and earlier is not None and earlier not in _other_ending(event):
        turn.note(f"suspended before ({earlier}): it ends in silence")
    else:
        _on(turn, "host_update")


def _other_ending(event: HostUpdated) -> tuple[str, ...]:
    """A closed account may be recalled yet, and the other way about: that is news."""
    return tuple(change for change in ENDINGS if change is not event.change)


def cleared(turn: Turn, event: PartyCleared) -> None:
    turn.note(f"{event.channel.value} is the customer's after all")
    turn.wrong_party = tuple(name for name in turn.wrong_party if name != event.channel)


def undeliverable(turn: Turn, event: SendFailed) -> None:
    turn.note(f"undeliverable by {event.channel.value}: {event.reason}")
    if event.channel is turn.channel and turn.question is not None:
        turn.drop_flows()
    if event.reason == "opted_out":
        if event.channel not in turn.opted_out:
            turn.opted_out = (*turn.opted_out, event.channel.value)
    elif not turn.stranger and not _elsewhere(turn, event):
        turn.command(Handoff("delivery_failed"))


def _elsewhere(turn: Turn, event: SendFailed) -> bool:
    """True where the pack's flow has something to say by a channel that has not failed."""
    if event.channel not in turn.failed:
        turn.failed = (*turn.failed, event.channel.value)
    quiet = {*turn.failed, *turn.opted_out, *turn.wrong_party}
    other = next((kind for kind in ChannelKind if kind not in quiet), None)
    if other is None:
        return False
    turn.channel, turn.category = other, Category.OUTREACH
    _on(turn, "delivery_failed")
    return bool(turn.spoken)
