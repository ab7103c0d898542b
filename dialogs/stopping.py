"""What follows where a customer asks us to stop: the orders, and silence on what they name."""

from collections.abc import Iterable

from dialogs.actions import judged, record_promise
from dialogs.details import wishes
from dialogs.refusals import refused_channels
from dialogs.turn import Turn
from domain.commands import CancelQueued, Log, OptOut
from domain.events import Said
from domain.promise import Accepted
from domain.values import ChannelKind

STOPPING = frozenset({"opt_out", "cease_contact"})
REFUSING = frozenset({"opt_out", "channel_preference"})
"""What may name the channels that are not wanted."""


def obey(turn: Turn, event: Said, names: frozenset[str]) -> tuple[bool, bool]:
    """Orders the stop that is asked for: whether it is one here, and whether only elsewhere."""
    channels = refused(turn, event, names)
    here = bool(names & STOPPING) if not channels else turn.channel in channels
    if here or "cease_contact" in names:
        stop(turn, event, names, channels)
        return True, False
    if channels:
        stop_elsewhere(turn, channels)
    return False, bool(channels)


def refused(turn: Turn, event: Said, names: frozenset[str]) -> tuple[ChannelKind, ...]:
    """The channels that the words name as unwanted; a stranger's are about their address alone."""
    if turn.stranger or not names & REFUSING:
        return ()
    return tuple(sorted(refused_channels(event.text)))


def stop(turn: Turn, event: Said, names: frozenset[str], channels: tuple[ChannelKind, ...]) -> None:
    """What the words refuse, this channel at least."""
    everything = "cease_contact" in names and not turn.stranger
    keep_promise(turn, event, frozenset(s.name for s in event.understanding.intents))
    turn.command(OptOut(everything, () if everything else channels))
    turn.command(CancelQueued("cease_contact" if everything else "opt_out", all=True))
    wish = wishes(event.text).get("channel")
    if channels and wish is not None and "channel_preference" not in names:
        turn.command(Log("preference.updated", {"channel": wish}))


def stop_elsewhere(turn: Turn, channels: tuple[ChannelKind, ...]) -> None:
    """Another channel than this one is unwanted: the conversation goes on here."""
    turn.note("no more by " + " and ".join(channels))
    turn.command(OptOut(channels=channels))
    for channel in channels:
        turn.opted_out = _with(turn.opted_out, channel.value)


def keep_promise(turn: Turn, event: Said, names: frozenset[str]) -> None:
    """A promise made in parting stays on record, where it is whole and the rules accept it."""
    if "promise_to_pay" not in names or turn.suspended or turn.stranger:
        return
    understanding = event.understanding
    if understanding.amount is not None:
        turn.set_slot("promise_amount", understanding.amount)
    if understanding.date is not None:
        turn.set_slot("promise_date", understanding.date)
    if isinstance(judged(turn), Accepted):
        record_promise(turn)
    turn.drop_flows()
    turn.reset_slots(("promise_amount", "promise_date", "promise_verdict", "promise_id"))


def quieten(turn: Turn, stopping: bool) -> None:
    """Nothing more is said here, for the customer has asked so or is another person."""
    if stopping:
        orders = [command for command in turn.commands if isinstance(command, OptOut)]
        everything = any(order.everything for order in orders)
        silence(turn, ChannelKind if everything else [c for o in orders for c in o.channels])
    else:
        turn.drop_flows()
        turn.wrong_party = _with(turn.wrong_party, turn.channel.value)


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def silence(turn: Turn, channels: Iterable[ChannelKind] = ()) -> None:
    """This channel, and the others that are named."""
    turn.drop_flows()
    for channel in (turn.channel, *channels):
        turn.opted_out = _with(turn.opted_out, channel.value)


def unsilence(turn: Turn, channel: ChannelKind) -> None:
    """Whoever is welcome again is not thereby proven to be the customer."""
    turn.opted_out = tuple(name for name in turn.opted_out if name != channel.value)
