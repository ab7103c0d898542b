"""gateway nlu compare."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from gateway.commands.nlu.evaluate import summary
from gateway.commands.nlu.inputs import FINDINGS, JSON, cases_of, understander
from gateway.commands.nlu.lines import as_json
from gateway.commands.nlu.shown import LONGEST, legible, table
from gateway.commands.nlu.stored import CLIENT, NEWEST, stored
from nlu.comparison import Change, changes
from nlu.evaluation import Case, Expected


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A model file.")],
    second: Annotated[
        Path | None,
        typer.Argument(metavar="[B]", help="Another; if left out, A is held against the shipped."),
    ] = None,
    over: Annotated[
        Path | None,
        typer.Option(help="The replies, as for evaluate; if left out, those in the database."),
    ] = None,
    client: CLIENT = None,
    newest: NEWEST = 2000,
    json: JSON = False,
) -> None:
    """Tell which answers change from model A to model B, or from the shipped one to A.

    Exit 1 where a safety intent is found by one of them only.
    """
    before, after = (None, first) if second is None else (first, second)
    old, new = understander(before), understander(after)
    cases = cases_of(over) if over else [
        Case(each.reply, Expected()) for each in stored(client, newest)
    ]  # fmt: skip
    replies = [case.reply for case in cases]
    found = changes(cases, old.parse(replies), new.parse(replies))
    told = in_json(found, old.version, new.version, len(cases))
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        _in_text(found, told)
    if told["safety"]:
        raise typer.Exit(FINDINGS)


def in_json(found: list[Change], before: str, after: str, replies: int) -> dict[str, Any]:
    verdicts = Counter(change.verdict for change in found)
    return {
        "before": before,
        "after": after,
        "replies": replies,
        "changed": len(found),
        "safety": sum(bool(change.safety) for change in found),
        "better": verdicts["better"],
        "worse": verdicts["worse"],
        "changes": [
            {
                "id": change.id,
                "text": change.text,
                "safety": change.safety,
                "verdict": change.verdict,
                "before": as_json(change.id, change.before),
                "after": as_json(change.id, change.after),
            }
            for change in found
        ],
    }


def _in_text(found: list[Change], told: dict[str, Any]) -> None:
    names = ("replies", "changed", "safety", "better", "worse")
    title = f"From {told['before']} to {told['after']}"
    table(title, names, [[str(told[name]) for name in names]])
    table("Changes", ("id", "safety", "", "before", "after", "text"), [
        (legible(change.id), " ".join(change.safety), change.verdict or "",
         summary(change.before), summary(change.after), legible(change.text, LONGEST))
        for change in found
    ])  # fmt: skip
