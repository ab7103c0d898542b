"""What `gateway clients try` found, as JSON and as text of 80 columns."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from textwrap import wrap
from typing import Any

from msgspec import Struct, to_builtins

from domain import promise
from domain.options import Attributes, Choice, History, Options, Terms, asked_of, lookup, options
from domain.options.results import Asked, option_kind
from domain.understanding import Understanding
from gateway.clients import ClientConfig
from gateway.commands.nlu.lines import as_json as understood_as_json
from gateway.commands.nlu.shown import LONGEST, legible
from gateway.options.answers import Answer, Verdict, answers
from gateway.options.shown import as_json as options_as_json
from gateway.options.shown import told
from gateway.options.terms import PARTS, choices_of
from gateway.options.words import REASONS, meaning

WIDTH = 80
NOTHING = Asked()


class Ruled(Struct, frozen=True):
    """One of the file's options, and whether the account meets it: decides, not_met, unknown
    (something that it asks for is not known) or not_reached."""

    pointer: str
    when: str
    outcome: str


class Tried(Struct, frozen=True):
    """`source` is where the configuration is from."""

    source: str
    config: ClientConfig
    account: Attributes
    today: date
    say: str
    understood: Understanding | None
    ruled: tuple[Ruled, ...]
    terms: Terms
    answers: tuple[Answer, ...]
    found: Options


def tried(
    source: str,
    config: ClientConfig,
    account: Attributes,
    broken: int,
    today: date,
    say: str,
    understood: Understanding | None,
) -> Tried:
    ruled, terms = _chosen(choices_of(config), account, broken, today)
    history = History(promise=promise.History(broken_in_a_row=broken))
    asked = asked_of(understood) if understood else NOTHING
    found = options(account, terms, history, asked, today)
    said = answers(asked, found)
    return Tried(source, config, account, today, say, understood, ruled, terms, said, found)


def _chosen(
    choices: tuple[Choice, ...], account: Attributes, broken: int, today: date
) -> tuple[tuple[Ruled, ...], Terms]:
    """What became of each option; the last choice is the client's own and always holds."""
    known = lookup(account, broken, today)
    *own, default = choices
    ruled: list[Ruled] = []
    chosen: Terms | None = None
    for number, choice in enumerate(own):
        outcome = "not_reached"
        if chosen is None:
            met = choice.when.evaluate(known)
            outcome = "unknown" if met is None else "decides" if met is True else "not_met"
            chosen = choice.terms if met is True else None
        ruled.append(Ruled(f"/options/{number}", choice.when.text, outcome))
    return tuple(ruled), chosen or default.terms


def shown(found: Tried, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(in_json(found), indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(in_text(found)) + "\n")


def in_json(found: Tried) -> dict[str, Any]:
    """Amounts are decimal texts of the client's currency, days YYYY-MM-DD."""
    understood = None
    if found.understood is not None:
        understood = understood_as_json("1", found.understood)
        del understood["id"]
    return {
        "client": found.config.client,
        "configuration": found.source,
        "date": str(found.today),
        "balance": str(found.account.balance.decimal),
        "currency": found.account.balance.currency,
        "said": found.say,
        "understood": understood,
        "conditions": to_builtins(found.ruled),
        "rules": {part: found.terms.place(part) for part in PARTS},
        "answers": to_builtins(found.answers),
        **options_as_json(found.found),
    }


def in_text(found: Tried) -> Iterator[str]:
    yield f"{found.config.client}, {legible(found.source)}"  # a path stays in one piece
    yield f"  day         {found.today}"
    yield f"  balance     {found.account.balance}"
    if found.understood is not None:
        yield from _line("  said        ", legible(found.say, LONGEST))
        yield from _line("  understood  ", _meant(found.understood))
    yield from _ruled(found)
    if found.understood is not None:
        yield from _section("Answer", _answered(found.answers))
    yield from _section("Offered", _offered(found.found))
    yield from _section("Not offered", _withheld(found.found))
    notes = (f"{each.pointer}: {meaning(each.rule)}" for each in found.found.notes)
    yield from _section("Not honoured of the host's offers", notes)


def _ruled(found: Tried) -> Iterator[str]:
    words = {"decides": "is met and decides", "not_met": "is not met", "not_reached": "comes later"}
    lines = [
        f"{each.pointer} {words.get(each.outcome, 'asks for what is not known')}: {each.when}"
        for each in found.ruled
    ]
    lines += [f"{part}: {found.terms.place(part)}" for part in PARTS]
    yield from _section("Rules of the file for this account", lines)


def _answered(found: Iterable[Answer]) -> Iterator[str]:
    made = [f"{_name(each.asked)}: {_verdict(each)}" for each in found]
    yield from made or ["the customer asked for nothing that these options answer"]


def _verdict(answer: Answer) -> str:
    match answer.verdict:
        case Verdict.ACCEPTED:
            return f"accepted as it was asked, by {meaning(answer.rule)}"
        case Verdict.COUNTERED:
            return f"not as it was asked, but the nearest below: {meaning(answer.rule)}"
        case Verdict.REFUSED:
            return f"refused: {meaning(answer.rule)}"
        case Verdict.OFFERED:
            return f"offered below, by {meaning(answer.rule)}"


def _offered(found: Options) -> Iterator[str]:
    for option in found.offered:
        why = f"because {REASONS[option.reason]} ({option.rule})"
        lines = list(told(option))
        if len(lines) == 1:
            yield f"{_name(option_kind(option))}: {lines[0]}, {why}"
            continue
        yield f"{_name(option_kind(option))}, {why}" + ":" * bool(lines)
        yield from (f"  {line}" for line in lines)


def _withheld(found: Options) -> Iterator[str]:
    for rule, same in groupby(found.withheld, key=lambda each: each.rule):
        names = ", ".join(_name(each.kind) for each in same)
        yield f"{names}: {meaning(rule)} ({rule})"


def _name(kind: str) -> str:
    return str(kind).replace("_", " ")


def _meant(understood: Understanding) -> str:
    parts = [f"{score.name} ({score.confidence:.2f})" for score in understood.intents]
    parts += [str(understood.amount)] if understood.amount else []
    parts += [str(understood.date)] if understood.date else []
    plan = understood.instalment
    if plan is not None:
        parts += [f"{plan.amount} each"] if plan.amount else []
        parts += [plan.frequency] if plan.frequency else []
        parts += [f"{plan.count} times"] if plan.count else []
    parts += [f"{name} could be read otherwise too" for name in understood.ambiguous]
    return ", ".join(parts)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    made = list(lines)
    if made:
        yield ""
        yield title
    for line in made:
        yield from _line("    " if line.startswith("  ") else "  ", line.strip())


def _line(start: str, text: str) -> Iterator[str]:
    """Wrapped within WIDTH; later lines stand a little to the right of the first."""
    yield from wrap(
        legible(text),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * (len(start) + 2 * (len(start) < 6)),
        break_on_hyphens=False,
    )
