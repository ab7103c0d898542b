"""Whoever writes and is not, or not surely, the customer: told who we are, and nothing else."""

from datetime import datetime, timedelta

from msgspec import structs

from dialogs.engine import interject
from dialogs.pack import PATTERN_STRANGER
from dialogs.state import State
from dialogs.turn import Turn
from domain.context import Context
from domain.customers import Customer
from domain.events import Event, Said
from domain.promise import History

QUIET = timedelta(hours=24)
"""So long one neutral answer lasts: two machines would else talk with each other for ever."""
PATIENCE = 3
"""After so many messages without an answer a person looks."""


def is_stranger(state: State, event: Event, context: Context) -> bool:
    """True for an address that is nobody's or shared, and where we were told of a wrong person."""
    if not context.customer.known:
        return True
    return isinstance(event, Said) and event.channel in state.wrong_party


def blinded(context: Context) -> Context:
    """The context without all that is a customer's: whatever a pack says, nothing can be told,
    linked to or promised."""
    return structs.replace(
        context,
        customer=Customer(context.customer.id, ref="", known=False),
        account=None,
        history=History(),
        link_base="",
        links={},
    )


def answer(turn: Turn) -> None:
    """One neutral answer, then silence, then a person."""
    if not turn.speaks:
        turn.note("this channel was asked to be quiet: no reply")
    elif _told_lately(turn.told_at, turn.event.at):
        turn.note("a stranger who was told so already: no reply")
        _unanswered(turn)
    else:
        turn.told_at, turn.unanswered = int(turn.event.at.timestamp()), 0
        interject(turn, turn.pack.flows[PATTERN_STRANGER])


def _told_lately(told_at: int | None, now: datetime) -> bool:
    return told_at is not None and now.timestamp() - told_at < QUIET.total_seconds()


def _unanswered(turn: Turn) -> None:
    if turn.unanswered < PATIENCE:
        turn.unanswered += 1
        if turn.unanswered == PATIENCE:
            turn.hand_off("unknown_sender")
