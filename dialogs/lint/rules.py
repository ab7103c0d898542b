"""All rules, and a pack's findings by them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from dialogs.findings import Finding
from dialogs.lint import (
    buttons,
    circles,
    endings,
    filling,
    fixed_texts,
    length,
    money,
    parity,
    people,
    secrets,
    structure,
    unused,
    wording,
)
from dialogs.lint.places import Places
from dialogs.lint.subject import Fit, Subject
from dialogs.loader import Examined, examine

Rule = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    structure.branches, structure.guards, structure.rejections, structure.variations,
    structure.gaps,
    structure.triggers, structure.intents, structure.events, structure.silences,
    circles.calls, circles.ways_out,
    unused.slots, unused.mappings, unused.values, unused.responses, unused.facts,
    parity.variations,
    buttons.nowhere, filling.unfilled,
    endings.known, endings.closing, endings.opt_out, endings.disclosure,
    endings.first_disclosure,
    endings.strangers,
    secrets.variables, secrets.slots, secrets.conditions, secrets.branches, secrets.onlookers,
    money.first_messages, money.care, money.unheard,
    fixed_texts.one_message, fixed_texts.confirmation, fixed_texts.crisis,
    people.reachable, length.too_long,
    wording.shorteners, wording.threats, wording.capitals, wording.hard_texts,
    wording.characters, wording.spaces, wording.questions,
)  # fmt: skip


def lint(folder: Path, fit: Fit) -> tuple[Finding, ...]:
    """All that is wrong with the pack in a folder, in the order of its files.

    `fit` measures a text as a channel carries it. What hinders loading comes alone: the rules
    need a whole pack.
    """
    return judge(examine(folder), fit)


def judge(examined: Examined, fit: Fit) -> tuple[Finding, ...]:
    if examined.pack is None:
        return examined.findings
    subject = Subject(examined.pack, Places(examined.trees), fit)
    return tuple(sorted({finding for rule in RULES for finding in rule(subject)}))
