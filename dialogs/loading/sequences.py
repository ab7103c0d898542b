"""`sequences.yml`: outreach over days and the experiments on it."""

from collections.abc import Mapping
from datetime import time
from typing import NamedTuple

from dialogs.experiments import Experiment
from dialogs.loading.experiments import read_experiments
from dialogs.loading.outreach import check_sequence
from dialogs.loading.reading import Reader
from dialogs.loading.responses import Responses
from dialogs.loading.source import Entry
from dialogs.loading.times import check_name, time_of, wait_of
from dialogs.pack import Flow
from dialogs.sequences import ALWAYS, NAMES, USUAL, Exit, Schedule, Sequence, Start, Step, Wait
from dialogs.shapes import (
    MAX_STEPS,
    SCHEDULE,
    SEQUENCE,
    SEQUENCE_STEP,
    SEQUENCES,
    WEEKDAYS,
)
from domain.values import ChannelKind


class Read(NamedTuple):
    """The experiments by the sequence that each of them is on."""

    sequences: Mapping[str, Sequence]
    experiments: Mapping[str, Experiment]


def read_sequences(
    reader: Reader, entry: Entry, flows: Mapping[str, Flow], responses: Responses
) -> Read:
    """Conditions may name what is known of an account, and nothing of a conversation."""
    names, reader.names = reader.names, dict(NAMES)
    try:
        keys = reader.keys(entry, SEQUENCES)
        found = reader.mapping(keys.get("sequences", Entry(None, entry.place)))
        sequences = {
            name: _sequence(reader, name, each, flows, responses) for name, each in found.items()
        }
        experiments = read_experiments(reader, keys.get("experiments"), sequences, flows, responses)
        return Read(sequences, experiments)
    finally:
        reader.names = names


def _sequence(
    reader: Reader, name: str, entry: Entry, flows: Mapping[str, Flow], responses: Responses
) -> Sequence:
    check_name(reader, name, entry.place)
    keys = reader.keys(entry, SEQUENCE)
    items = reader.items(keys.get("steps"))
    if "steps" in keys and not 1 <= len(items) <= MAX_STEPS:
        reader.report(
            entry.place, "sequence-steps", f"a sequence has from 1 to {MAX_STEPS} steps",
            "write a step for each message",
        )  # fmt: skip
    steps = tuple(_step(reader, item, number) for number, item in enumerate(items[:MAX_STEPS], 1))
    start = frozenset(
        Start(reader.choice(item, list(Start), Start.API)) for item in reader.items(keys["start"])
    ) if "start" in keys else frozenset({Start.API})  # fmt: skip
    schedule = _schedule(reader, keys["schedule"]) if "schedule" in keys else None
    if (schedule is not None) != (Start.SCHEDULE in start):
        reader.report(
            entry.place, "sequence-schedule", "start: [schedule] and schedule: go together",
            "add the other one, or remove both",
        )  # fmt: skip
    exits = USUAL
    if "exit" in keys:
        exits = frozenset(
            Exit(reader.choice(item, list(Exit), Exit.SAID)) for item in reader.items(keys["exit"])
        )
    again = wait_of(reader, keys["again"]) if "again" in keys else None
    if again is not None and not again.days:
        reader.report(
            keys["again"].place, "sequence-again", "an account would enter again within a day",
            "write P1D or more",
        )  # fmt: skip
    sequence = Sequence(
        name=name,
        steps=steps,
        condition=reader.condition(keys.get("if")),
        start=start,
        schedule=schedule,
        exits=exits | ALWAYS,
        again=None if again is None else again.days,
    )
    places = [item.place for item in items[:MAX_STEPS]]
    check_sequence(reader, sequence, entry.place, places, flows, responses)
    return sequence


def _step(reader: Reader, entry: Entry, number: int) -> Step:
    keys = reader.keys(entry, SEQUENCE_STEP)
    name = reader.text(keys.get("id"), f"step_{number}")
    check_name(reader, name, entry.place)
    return Step(
        id=name,
        flow=reader.text(keys.get("flow")),
        wait=wait_of(reader, keys["wait"]) if "wait" in keys else Wait(),
        at=time_of(reader, keys["at"]) if "at" in keys else None,
        channel=_channel(reader, keys.get("channel")),
        fallback=_channel(reader, keys.get("fallback")),
        condition=reader.condition(keys.get("if")),
    )


def _channel(reader: Reader, entry: Entry | None) -> ChannelKind | None:
    if entry is None:
        return None
    return ChannelKind(reader.choice(entry, list(ChannelKind), ChannelKind.SMS))


def _schedule(reader: Reader, entry: Entry) -> Schedule:
    keys = reader.keys(entry, SCHEDULE)
    named = [reader.choice(item, WEEKDAYS, "mon") for item in reader.items(keys.get("on"))]
    if "on" in keys and not named:
        reader.report(
            keys["on"].place, "sequence-schedule", "no day is named", "name days, or leave on: out"
        )
    days = frozenset(WEEKDAYS.index(day) for day in named or WEEKDAYS)
    return Schedule(time_of(reader, keys["at"]) if "at" in keys else time(), days)
