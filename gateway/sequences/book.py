"""Which sequences of its pack a client uses, and for which accounts."""

from collections.abc import Iterator
from typing import NamedTuple

from dialogs.experiments import Experiment
from dialogs.pack import Pack
from dialogs.sequences import Sequence, arranged
from domain.conditions import Condition, parse
from domain.options import NAMES
from gateway.clients import ClientConfig


class Used(NamedTuple):
    """`when` is the client's own condition, asked besides the sequence's."""

    sequence: Sequence
    experiment: Experiment | None
    when: Condition


def used_by(config: ClientConfig, pack: Pack) -> Iterator[Used]:
    """In the order of the client's file. Names that the pack lacks were findings when the file was
    applied; with another pack in force by now they are passed over."""
    for part in config.sequences:
        sequence = pack.sequences.get(part.name)
        if sequence is not None:
            experiment = pack.experiments.get(part.name)
            yield Used(sequence, experiment, parse(part.when, NAMES))


def of_run(pack: Pack, name: str, arm: str | None) -> Sequence | None:
    """The sequence as a run of it has it; None where the pack has it no more."""
    sequence = pack.sequences.get(name)
    if sequence is None:
        return None
    return arranged(sequence, pack.experiments.get(name), arm)
