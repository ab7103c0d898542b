"""`experiments` of `sequences.yml`: arms with their weights, what each changes, and the end."""

from collections.abc import Mapping
from datetime import date

from dialogs.experiments import HOLDOUT, Arm, Change, Experiment
from dialogs.loading.outreach import check_flow
from dialogs.loading.reading import Reader
from dialogs.loading.responses import Responses
from dialogs.loading.source import Entry, Place
from dialogs.loading.times import check_name, day_of, wait_of
from dialogs.pack import Flow
from dialogs.sequences import Sequence
from dialogs.shapes import ARM, CHANGE, EXPERIMENT, MAX_HOLDOUT

MAX_ARMS = 10
WHOLE = 100  # percent


def read_experiments(
    reader: Reader,
    entry: Entry | None,
    sequences: Mapping[str, Sequence],
    flows: Mapping[str, Flow],
    responses: Responses,
) -> dict[str, Experiment]:
    """By their sequence: two at once on one of them could not be told apart."""
    found: dict[str, Experiment] = {}
    for name, each in (reader.mapping(entry) if entry is not None else {}).items():
        check_name(reader, name, each.place)
        experiment = _experiment(reader, name, each, sequences, flows, responses)
        if experiment.sequence in found:
            reader.report(
                each.place, "experiment-twice", f"{experiment.sequence} has an experiment already",
                "end one of them first",
            )  # fmt: skip
        found[experiment.sequence] = experiment
    return found


def _experiment(
    reader: Reader,
    name: str,
    entry: Entry,
    sequences: Mapping[str, Sequence],
    flows: Mapping[str, Flow],
    responses: Responses,
) -> Experiment:
    keys = reader.keys(entry, EXPERIMENT)
    sequence = reader.text(keys.get("sequence"))
    if "sequence" in keys and sequence not in sequences:
        mend = "one of " + ", ".join(sorted(sequences))
        reader.report(keys["sequence"].place, "unknown-sequence", f"no sequence {sequence}", mend)
    steps = {step.id: number for number, step in enumerate(sequences[sequence].steps)} \
        if sequence in sequences else {}  # fmt: skip
    arms = {
        arm: _arm(reader, arm, found, steps, flows, responses)
        for arm, found in reader.mapping(keys.get("arms", Entry(None, entry.place))).items()
    }
    holdout = reader.whole(keys.get("holdout"), 0, 0, MAX_HOLDOUT)
    if "arms" in keys:
        _weights(reader, keys["arms"].place, arms, holdout)
    until, horizon = _end(reader, entry.place, keys)
    return Experiment(name, sequence, arms, holdout, until, horizon)


def _arm(
    reader: Reader,
    name: str,
    entry: Entry,
    steps: Mapping[str, int],
    flows: Mapping[str, Flow],
    responses: Responses,
) -> Arm:
    check_name(reader, name, entry.place)
    if name == HOLDOUT:
        reader.report(
            entry.place, "experiment-arm", f"{HOLDOUT} is who is not written to",
            "give the arm another name, and the share as holdout:",
        )  # fmt: skip
    keys = reader.keys(entry, ARM)
    changes = {}
    for step, found in reader.mapping(keys.get("steps", Entry(None, entry.place))).items():
        if step not in steps:
            reader.report(
                found.place, "unknown-step", f"the sequence has no step {step}",
                "one of " + ", ".join(steps),
            )  # fmt: skip
        changes[step] = _change(reader, found, steps.get(step, 0), flows, responses)
    return Arm(name, reader.whole(keys.get("weight"), 0, 0, WHOLE), changes)


def _change(
    reader: Reader, entry: Entry, number: int, flows: Mapping[str, Flow], responses: Responses
) -> Change:
    keys = reader.keys(entry, CHANGE)
    flow, wait = reader.text(keys.get("flow")) or None, None
    if not keys:
        reader.report(entry.place, "experiment-arm", "nothing is changed", "add flow: or wait:")
    if flow is not None:
        check_flow(reader, keys["flow"].place, flow, flows, responses)
    if "wait" in keys:
        wait = wait_of(reader, keys["wait"])
        if number and not wait:
            reader.report(
                keys["wait"].place, "sequence-wait", "no time lies between two steps",
                "write a wait such as P3D",
            )  # fmt: skip
    return Change(flow, None if wait is None else (wait.days, wait.hours))


def _weights(reader: Reader, place: Place, arms: Mapping[str, Arm], holdout: int) -> None:
    total = sum(arm.weight for arm in arms.values())
    if total != WHOLE:
        reader.report(
            place, "experiment-weights", f"the weights add up to {total}",
            f"let them add up to {WHOLE}",
        )  # fmt: skip
    if not 1 <= len(arms) <= MAX_ARMS or (len(arms) == 1 and not holdout):
        reader.report(
            place, "experiment-arm", f"from 2 to {MAX_ARMS} arms are expected, or 1 with a holdout",
            "name what is compared",
        )  # fmt: skip


def _end(reader: Reader, place: Place, keys: Mapping[str, Entry]) -> tuple[date | None, int | None]:
    """Whoever ends an experiment when its figures please finds what is not there."""
    if ("until" in keys) == ("horizon" in keys):
        reader.report(
            place, "experiment-end", "when it ends is not fixed, or fixed twice",
            "write either until: or horizon:",
        )  # fmt: skip
    until = day_of(reader, keys["until"]) if "until" in keys else None
    if "horizon" not in keys:
        return until, None
    horizon = wait_of(reader, keys["horizon"])
    if not horizon.days:
        reader.report(
            keys["horizon"].place, "experiment-end", "it would take nobody in", "write P30D or so"
        )
    return until, horizon.days
