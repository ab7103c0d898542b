"""The heart of a conversation: one event in, the new state and what to do out. Pure."""

from dialogs import replies
from dialogs.engine import begin, interject, run, run_beside
from dialogs.pack import PATTERN_NO_REPLY, Pack
from dialogs.state import State
from dialogs.strangers import blinded, is_stranger
from dialogs.turn import Decision, Turn
from domain.commands import CancelQueued, Handoff, Log
from domain.context import Context
from domain.events import (
    Campaign,
    Event,
    LinkOpened,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PromiseSettled,
    Said,
    SendFailed,
    TimerDue,
)
from domain.messages import Category
from domain.values import Money

__all__ = ["Decision", "decide", "pending_slot"]


def decide(pack: Pack, state: State, event: Event, context: Context) -> Decision:
    """What follows from `event`: the same arguments give the same decision.

    Everything it causes has an id derived from the event's. It never raises for any event.
    """
    stranger = is_stranger(state, event, context)
    turn = Turn(pack, state, event, blinded(context) if stranger else context)
    _same_pack(turn)
    if not context.customer.known:
        turn.drop_flows()
    match event:
        case Said():
            turn.channel, turn.address = event.channel, event.address
            replies.said(turn, event)
        case SendFailed():
            _undeliverable(turn, event)
        case _ if stranger:
            turn.note("nobody's conversation: nothing follows")
        case Campaign():
            turn.channel = event.channel
            _campaign(turn, event)
        case TimerDue():
            _timer(turn, event)
        case PaymentMade() | PaymentReturned() | PaymentDeclined():
            _payment(turn, event)
        case LinkOpened():
            turn.note("the customer proved who they are")
            turn.was_verified = turn.verified = True
        case PromiseSettled():
            turn.event_amount, turn.event_date = event.amount, event.due_date
            turn.category = Category.REPLY if event.kept else Category.OUTREACH
            _on(turn, "promise_kept" if event.kept else "promise_broken")
    if not isinstance(event, Said) and not turn.spoken:
        turn.options = state.options
    return turn.close()


def pending_slot(state: State) -> str | None:
    """The slot that the customer was asked for last: a help for understanding the answer."""
    return state.question.slot if state.question else None


def _same_pack(turn: Turn) -> None:
    """A state of another version names steps that may be gone: its flows go to a person."""
    old = turn.old
    if (old.pack, old.pack_version) == (turn.pack.name, turn.pack.version):
        return
    turn.note("the conversation comes from another version of the dialogs")
    if turn.stack:
        turn.hand_off("dialog_version")
    turn.stack, turn.question = [], None
    turn.reset_slots({*turn.slots, *turn.pack.slots})


def _on(turn: Turn, event: str) -> None:
    """Runs the pack's flow for an event beside what is going on, where one may speak."""
    flow = turn.pack.by_event.get(event)
    if flow is None or (flow.guard is not None and not flow.guard.holds(turn.lookup)):
        turn.note(f"no flow for {event}")
    elif turn.suspended and not flow.while_suspended:
        turn.note(f"nothing on {event}: suspended ({turn.suspended})")
    elif not turn.speaks:
        turn.note(f"nothing on {event}: this channel was asked to be quiet")
    else:
        interject(turn, flow)


def _campaign(turn: Turn, event: Campaign) -> None:
    turn.category = Category.OUTREACH
    flow = turn.pack.flows.get(event.flow)
    rule = None
    if flow is None:
        rule = "unknown_flow"
    elif not turn.speaks:
        rule = "opted_out"
    elif turn.suspended:
        rule = "suspended"
    elif turn.question is not None:
        rule = "conversation_open"
    elif flow.guard is not None and not flow.guard.holds(turn.lookup):
        rule = "flow_guard"
    if flow is None or rule is not None:
        turn.note(f"no outreach: {rule}")
        turn.command(Log("message.suppressed", {"rule": rule, "flow": event.flow}))
        return
    turn.drop_flows()
    turn.misses = turn.abuse = 0
    begin(turn, flow)
    run(turn)
    turn.outreach = bool(turn.spoken)


def _timer(turn: Turn, event: TimerDue) -> None:
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
        case "hold_end" if turn.suspended:
            turn.note(f"no longer suspended: {turn.suspended}")
            turn.suspended = None
        case _:
            turn.note(f"nothing to say on {event.kind}")


def _no_reply(turn: Turn, event: TimerDue) -> None:
    flow = turn.flow
    if event.version != turn.old.version or turn.question is None or flow is None:
        turn.note("a late timer: the conversation has moved on")
        return
    patient = flow.nudge and turn.nudges < turn.pack.settings.nudges
    if not patient or not turn.speaks or turn.suspended:
        turn.note("no reply: the conversation ends")
        turn.drop_flows()
        turn.outreach = turn.speaks  # a late yes has nothing to answer any more: we offer a way on
        turn.command(Log("conversation.expired", {"flow": flow.name}))
        return
    turn.nudges += 1
    turn.category = Category.OUTREACH
    run_beside(turn, turn.pack.flows[PATTERN_NO_REPLY])


def _payment(turn: Turn, event: PaymentMade | PaymentReturned | PaymentDeclined) -> None:
    match event:
        case PaymentMade():
            _paid(turn, event)
        case PaymentReturned():
            turn.note(f"a payment was {event.how.replace('_', ' ')}: {event.amount}")
        case PaymentDeclined():
            turn.event_amount = event.amount
            _on(turn, "payment_declined")


def _paid(turn: Turn, event: PaymentMade) -> None:
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


def _undeliverable(turn: Turn, event: SendFailed) -> None:
    turn.note(f"undeliverable by {event.channel.value}: {event.reason}")
    if event.channel is turn.channel and turn.question is not None:
        turn.drop_flows()
    if event.reason == "opted_out":
        if event.channel not in turn.opted_out:
            turn.opted_out = (*turn.opted_out, event.channel.value)
    elif not turn.stranger:
        turn.command(Handoff("delivery_failed"))
