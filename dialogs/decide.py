"""The heart of a conversation: one event in, the new state and what to do out. Pure."""

from dialogs import happenings, people, replies
from dialogs.engine import excuse
from dialogs.pack import Pack
from dialogs.state import State
from dialogs.stopping import unsilence
from dialogs.strangers import blinded, is_stranger
from dialogs.turn import Decision, Turn
from domain.context import Context
from domain.events import (
    AgentSaid,
    Campaign,
    Chosen,
    CodeAsked,
    Event,
    HandedBack,
    HostUpdated,
    LinkAsked,
    LinkOpened,
    OptedIn,
    PartyCleared,
    PaymentAbandoned,
    PaymentDeclined,
    PaymentMade,
    PaymentReturned,
    PersonTook,
    PlanMoved,
    PortalDone,
    PromiseSettled,
    Said,
    SendFailed,
    TimerDue,
    TurnFailed,
)

__all__ = ["Decision", "decide", "pending_slot"]


def decide(pack: Pack, state: State, event: Event, context: Context) -> Decision:
    """What follows from `event`: the same arguments give the same decision.

    Everything it causes has an id derived from the event's. It never raises for any event.
    """
    pressed = event if isinstance(event, Chosen) else None
    heard = event if pressed is None else replies.spoken(pressed)
    stranger = is_stranger(state, heard, context)
    turn = Turn(pack, state, heard, blinded(context) if stranger else context)
    _same_pack(turn)
    if not context.customer.known:
        turn.drop_flows()
    match heard:
        case Said():
            turn.channel, turn.address = heard.channel, heard.address
            turn.nudges = 0
            turn.failed = tuple(name for name in turn.failed if name != heard.channel)
            replies.said(turn, heard, pressed)
        case OptedIn():
            turn.note(f"welcome again by {heard.channel.value}")
            unsilence(turn, heard.channel)
        case SendFailed():
            happenings.undeliverable(turn, heard)
        case PartyCleared():
            happenings.cleared(turn, heard)
        case PersonTook() | AgentSaid() | HandedBack():
            people.attended(turn, heard)
        case TurnFailed():
            excuse(turn)
        case _ if stranger:
            turn.note("nobody's conversation: nothing follows")
        case _:
            _happened(turn, heard)
    if not isinstance(heard, Said) and not turn.spoken:
        turn.options = state.options
    return turn.close()


def _happened(turn: Turn, event: Event) -> None:
    """What neither the customer nor one of our people did in this conversation."""
    match event:
        case Campaign():
            turn.channel = event.channel
            happenings.campaign(turn, event)
        case TimerDue():
            happenings.timer(turn, event)
        case PaymentMade():
            happenings.paid(turn, event)
        case PaymentDeclined() | PaymentReturned() | PaymentAbandoned():
            happenings.not_paid(turn, event)
        case LinkOpened():
            happenings.opened(turn)
        case CodeAsked():
            happenings.code_asked(turn, event)
        case LinkAsked():
            happenings.link_asked(turn, event)
        case PromiseSettled():
            happenings.promise_settled(turn, event)
        case PlanMoved():
            happenings.plan_moved(turn, event)
        case PortalDone():
            happenings.completed(turn, event)
        case HostUpdated():
            happenings.host_updated(turn, event)


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
