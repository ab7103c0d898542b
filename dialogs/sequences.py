"""Sequences: outreach over days, as a pack describes them, and what each step does next.

Pure: a sequence, where its run stands, the account's situation and the instant give the decision,
so that a run can be replayed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dialogs.experiments import Experiment
from domain.commands import Command, Handoff, Hold, HoldScope, OptOut, RecordPlan, RecordPromise
from domain.conditions import Condition, Lookup, Type
from domain.events import Chosen, Event, HostChange, HostUpdated, PersonTook
from domain.options import NAMES as OF_ACCOUNT
from domain.values import ChannelKind


class Start(StrEnum):
    """What starts a sequence for an account."""

    PLACEMENT = "placement"  # a host placed it
    UPDATE = "update"  # a host stated it anew
    API = "api"  # somebody asked for it by name
    SCHEDULE = "schedule"  # a time of day came where the customer lives


class Exit(StrEnum):
    """What ends a run before its last step."""

    SAID = "said"
    PAYMENT = "payment"
    PROMISE = "promise"
    PLAN = "plan"
    HANDOFF = "handoff"
    LINK_OPENED = "link_opened"
    DISPUTE = "dispute"
    HOLD = "hold"
    OPT_OUT = "opt_out"
    CLOSED = "closed"
    RECALLED = "recalled"


ALWAYS = frozenset({Exit.DISPUTE, Exit.HOLD, Exit.OPT_OUT, Exit.CLOSED, Exit.RECALLED})
"""These end every run, whatever the pack says."""
USUAL = frozenset({Exit.SAID, Exit.PAYMENT, Exit.PROMISE, Exit.PLAN, Exit.HANDOFF})
"""These do where a pack names no exits of its own."""
OF_ONE_ACCOUNT = frozenset(
    {Exit.PAYMENT, Exit.PROMISE, Exit.PLAN, Exit.DISPUTE, Exit.CLOSED, Exit.RECALLED}
)
"""These end the runs of the account that they are about; the others all of its customer's."""

NAMES: Mapping[str, Type] = {
    **OF_ACCOUNT,
    "context.plan.active": Type.BOOL,
    "context.promise.active": Type.BOOL,
    "context.promise.date": Type.DATE,
}
"""What the conditions of sequences may name."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Days are counted on the customer's calendar, hours by the clock."""

    days: int = 0
    hours: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.hours)


@dataclass(frozen=True, slots=True)
class Step:
    """One message: `flow` opens it, so long after the step before, `at` a local time of day.

    No `channel`: the first of the customer's contacts that may be used. `fallback` is taken where
    `channel` has no address that may be used.
    """

    id: str
    flow: str
    wait: Wait = Wait()
    at: time | None = None
    channel: ChannelKind | None = None
    condition: Condition | None = None
    fallback: ChannelKind | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A time of day on some days of the week (Monday is 0), where the customer lives."""

    at: time
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sequence:
    """`again`: how many days after a run's end the account may run it anew; None: never."""

    name: str
    steps: tuple[Step, ...]
    condition: Condition | None = None
    start: frozenset[Start] = frozenset({Start.API})
    schedule: Schedule | None = None
    exits: frozenset[Exit] = USUAL | ALWAYS
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What a step goes by. `lookup` knows NAMES; `usable` are the channels on which the customer
    has an address that may be written to, in the order of preference.

    `held` is the kind of a hold in force. `heard` and `opted_out`: since the run began.
    """

    lookup: Lookup
    usable: tuple[ChannelKind, ...]
    owing: bool = True
    held: str | None = None
    promised: bool = False
    planned: bool = False
    with_person: bool = False
    heard: bool = False
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: the number of its next step, and when the one before was taken."""

    step: int
    last: datetime  # the start, before the first step


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is due before `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Send:
    step: Step
    channel: ChannelKind


@dataclass(frozen=True, slots=True)
class Skip:
    step: Step
    reason: str  # condition | no_address


@dataclass(frozen=True, slots=True)
class Stop:
    reason: Exit


@dataclass(frozen=True, slots=True)
class Finish:
    """The last step is over."""


Decision = Later | Send | Skip | Stop | Finish


def decide(
    sequence: Sequence, progress: Progress, situation: Situation, now: datetime, zone: ZoneInfo
) -> Decision:
    """What becomes of the next step. What has ended the run is asked before anything is sent, so
    that no event which was missed leads to a message."""
    due = due_at(sequence, progress, zone)
    if due is None:
        return Finish()
    if now < due:
        return Later(due)
    if (reason := ended(sequence, situation)) is not None:
        return Stop(reason)
    step = sequence.steps[progress.step]
    if step.condition is not None and not step.condition.holds(situation.lookup):
        return Skip(step, "condition")
    channel = _channel(step, situation.usable)
    return Skip(step, "no_address") if channel is None else Send(step, channel)


def due_at(sequence: Sequence, progress: Progress, zone: ZoneInfo) -> datetime | None:
    """When the next step is due, in UTC; None where there is none."""
    if progress.step >= len(sequence.steps):
        return None
    step = sequence.steps[progress.step]
    return later(progress.last, step.wait, step.at, zone)


def later(last: datetime, wait: Wait, at: time | None, zone: ZoneInfo) -> datetime:
    """`wait` after `last`, in UTC. With `at`, the time of day of that day; the next day's where it
    lies before `last`, or before the hours to wait are over. A time of day that the change to
    summer time leaves out is an hour later, one that comes twice is the first of the two."""
    last = last.astimezone(UTC)
    there = last.astimezone(zone)
    moved = there
    if wait.days:
        moved = (there + timedelta(days=wait.days)).replace(fold=0)
    over = moved.astimezone(UTC) + timedelta(hours=wait.hours)
    if at is None:
        return over
    earliest = over if wait.hours else last
    day = over.astimezone(zone).date()
    while (due := datetime.combine(day, at, zone).astimezone(UTC)) < earliest:
        day += timedelta(days=1)
    return due


def _channel(step: Step, usable: tuple[ChannelKind, ...]) -> ChannelKind | None:
    if step.channel is None:
        return usable[0] if usable else None
    return next((kind for kind in (step.channel, step.fallback) if kind in usable), None)


def ended(sequence: Sequence, situation: Situation) -> Exit | None:
    """What in the situation itself ends a run, whether or not its event was seen."""
    standing = {
        Exit.OPT_OUT: situation.opted_out,
        Exit.HOLD: situation.held is not None,
        Exit.PROMISE: situation.promised,
        Exit.PLAN: situation.planned,
        Exit.HANDOFF: situation.with_person,
        Exit.SAID: situation.heard,
    }
    if not situation.owing:
        return Exit.PAYMENT  # nothing is left to write about
    return next(
        (reason for reason, holds in standing.items() if holds and reason in sequence.exits),
        None,
    )


def may_begin(sequence: Sequence, situation: Situation) -> str | None:
    """None, or why the account does not enter the sequence now."""
    if (reason := ended(sequence, situation)) is not None:
        return reason.value
    if not situation.usable:
        return "no_address"
    if sequence.condition is not None and not sequence.condition.holds(situation.lookup):
        return "condition"
    return None


def arranged(sequence: Sequence, experiment: Experiment | None, arm: str | None) -> Sequence:
    """The sequence as an arm of its experiment has it."""
    if experiment is None or arm is None or arm not in experiment.arms:
        return sequence
    changes = experiment.arms[arm].changes
    steps = []
    for step in sequence.steps:
        change = changes.get(step.id)
        if change is not None:
            wait = step.wait if change.wait is None else Wait(*change.wait)
            step = replace(step, flow=change.flow or step.flow, wait=wait)  # noqa: PLW2901
        steps.append(step)
    return replace(sequence, steps=tuple(steps))


def exit_of(event: Event, commands: tuple[Command, ...]) -> Exit | None:
    """What an event, or what was decided on it, ends runs by; the gravest of it.

    Replies, payments and proofs of identity are not among the events: they end runs when they are
    stored, before anything is decided on them.
    """
    found = {_of_event(event), *map(_of_command, commands)}
    return next((reason for reason in reversed(Exit) if reason in found), None)


def _of_event(event: Event) -> Exit | None:
    match event:
        case Chosen():
            return Exit.SAID
        case PersonTook():
            return Exit.HANDOFF
        case HostUpdated(change=HostChange.CLOSED):
            return Exit.CLOSED
        case HostUpdated(change=HostChange.RECALLED):
            return Exit.RECALLED
    return None


def _of_command(command: Command) -> Exit | None:
    match command:
        case OptOut():
            return Exit.OPT_OUT
        case Hold(kind="dispute"):
            return Exit.DISPUTE
        case Hold(scope=HoldScope.ACCOUNT):
            return None  # it ends its own account's runs when it is stored
        case Hold():
            return Exit.HOLD
        case RecordPromise():
            return Exit.PROMISE
        case RecordPlan():
            return Exit.PLAN
        case Handoff():
            return Exit.HANDOFF
    return None
