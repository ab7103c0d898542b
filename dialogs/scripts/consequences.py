"""What becomes of each command in a played conversation.

One that stands in no line of the table only counts as an action.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from dialogs.scripts.beat import Message
from domain.commands import (
    CancelQueued,
    Command,
    Handoff,
    Hold,
    IssueLink,
    KeepTimes,
    Log,
    OptIn,
    OptOut,
    RecordPlan,
    RecordPromise,
    SetTimer,
)
from domain.messages import Category, Status
from domain.values import ChannelKind
from domain.windows import outlives

if TYPE_CHECKING:
    from dialogs.scripts.world import World


def carry_out(world: "World", command: Command) -> None:
    CARRIED_OUT.get(type(command), _nothing)(world, command)


def _nothing(_world: "World", _command: Any) -> None:
    """For a command that concerns nothing that is played here."""


def _opt_out(world: "World", command: OptOut) -> None:
    for channel in ChannelKind if command.everything else command.channels or (world.channel,):
        if channel not in world.opted_out:
            world.opted_out[channel] = world.now
            # A provider that answered the keyword itself has confirmed it, too.
            (world.confirmed.add if command.method == "provider" else world.confirmed.discard)(
                channel
            )
            payload = {"channel": channel.value, "method": command.method}
            world.beat.record("consent.opted_out", payload)
    if command.everything:
        world.beat.record("consent.cease_all", {"method": command.method})


def _opt_in(world: "World", command: OptIn) -> None:
    world.opted_out.pop(world.channel, None)
    world.beat.record(
        "consent.opted_in", {"channel": world.channel.value, "method": command.method}
    )


def _hold(world: "World", command: Hold) -> None:
    until = None if command.days is None else world.now + timedelta(days=command.days)
    if command.kind == "wrong_party":
        world.verified = False
    world.holds.append((command.kind, until))
    world.beat.record("hold.started", {"kind": command.kind, "scope": command.scope.value})


def _hand_off(world: "World", command: Handoff) -> None:
    world.beat.record("handoff.requested", msgspec.to_builtins(command))


def _promise(world: "World", command: RecordPromise) -> None:
    world.beat.recorded += world.ledger.promise(command)


def _plan(world: "World", command: RecordPlan) -> None:
    world.beat.recorded += world.ledger.agree(command)


def _link(world: "World", command: IssueLink) -> None:
    world.links[command.purpose] = command.id
    world.beat.record("link.created", {"link_id": command.id, "purpose": command.purpose})


def _timer(world: "World", command: SetTimer) -> None:
    world.later(command.after, command)


def _cancel(world: "World", command: CancelQueued) -> None:
    for _, _, what in world.timers:
        if not isinstance(what, Message) or what.status is not Status.QUEUED:
            continue
        if command.all or what.say.category is Category.OUTREACH:
            what.status = Status.CANCELLED
            world.beat.record("message.cancelled", {"reason": command.reason})


def _keep_times(world: "World", command: KeepTimes) -> None:
    place = world.channel if command.here else None
    kept = [
        (where, tuple(window for window in said if outlives(window, command.windows)))
        if place in (None, where)
        else (where, said)
        for where, said in world.times
    ]
    kept.append((place, tuple(window for window in command.windows if not window.any_time)))
    world.times = [(where, said) for where, said in kept if said]


def _log(world: "World", command: Log) -> None:
    world.beat.record(command.type, dict(command.payload))


CARRIED_OUT: Mapping[type, Callable[["World", Any], None]] = {
    OptOut: _opt_out,
    OptIn: _opt_in,
    Hold: _hold,
    Handoff: _hand_off,
    RecordPromise: _promise,
    RecordPlan: _plan,
    IssueLink: _link,
    SetTimer: _timer,
    CancelQueued: _cancel,
    KeepTimes: _keep_times,
    Log: _log,
}
