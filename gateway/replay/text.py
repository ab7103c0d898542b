"""A replay's result as lines for a terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

MOST_ROWS = 12
"""Lines of a table on a terminal; the page and JSON have more."""
WIDTH = 100
FATES = {
    "same": "the customer would have seen the same",
    "changed": "the same up to a message that is another; what follows it is unknown",
    "time": "the same up to a message at another time; what follows it is unknown",
    "elsewhere": "not compared: they stood all the time where the second pack has no such step",
    "failed": "not compared: they can't be rebuilt by this release",
}


def lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['first']} (first) and {found['second']} (second), {_window(found)}"
    talks, events = found["conversations"], found["events"]
    yield ""
    yield f"{talks['all']} conversations"
    for fate, words in FATES.items():
        if talks[fate]:
            yield f"  {talks[fate]:>7}  {words}"
    yield (
        f"{events['compared']} events compared, {events['differing']} differ;"
        f" {events['unknown']} are not compared"
    )
    yield from _intents(found["by_intent"])
    yield from _pairs("Understood otherwise", found["intents"])
    yield from _pairs("Other messages", found["messages"])
    yield from _pairs("Other paths", found["paths"])
    yield from _outcomes(found["outcomes"])
    yield from _record(found)
    for number, sample in enumerate(found["samples"], 1):
        yield from _sample(number, sample)


def _window(found: dict[str, Any]) -> str:
    whose = f" of {found['client']}" if found["client"] else ""
    return f"conversations{whose} from {found['since']} until {found['until']}"


def _intents(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    differing = [row for row in rows if row["differing"]]
    if not differing:
        return
    yield ""
    kinds = ("compared", "differing", "by_intent", "by_path", "by_message", "by_outcome")
    heads = ("events", "differ", "intent", "path", "message", "outcome")
    yield f"{'By intent or event':28}" + "".join(f"{head:>9}" for head in heads)
    for row in differing:
        yield f"{row['intent'][:28]:28}" + "".join(f"{row[kind]:>9}" for kind in kinds)


def _pairs(title: str, rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield title
    for row in rows[:MOST_ROWS]:
        yield f"  {row['count']:>6}  - {_joined(row['first'])}"
        yield f"          + {_joined(row['second'])}"
    if len(rows) > MOST_ROWS:
        yield f"          and {len(rows) - MOST_ROWS} more kinds: see --html or --json"


def _joined(value: str | list[str]) -> str:
    return (value if isinstance(value, str) else " > ".join(value)) or "(nothing)"


def _outcomes(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"{'Other outcomes':44} {'only first':>11} {'only second':>12} {'otherwise':>10}"
    for row in rows:
        name = row["outcome"][:44]
        counts = f"{row['only_first']:>11} {row['only_second']:>12} {row['otherwise']:>10}"
        yield f"{name:44} {counts}"


def _record(found: dict[str, Any]) -> Iterator[str]:
    record = found["record"]
    yield ""
    yield f"{record['same']} of {record['messages']} messages are rebuilt as they were decided on"
    for why, count in record["other"].items():
        yield f"  {count:>7}  {why}"
    if found["assumptions"]:
        yield "Taken for granted, for both packs alike (events)"
        for why, count in found["assumptions"].items():
            yield f"  {count:>7}  {why}"
    for why, count in found["failures"].items():
        yield f"  {count:>7}  conversations: {why}"


def _sample(number: int, sample: dict[str, Any]) -> Iterator[str]:
    yield ""
    kinds = ", ".join(sample["differs_in"]) or "time"
    yield f"Sample {number}: {sample['client']}, {sample['at']}, differs in {kinds}"
    for line in (*sample["before"], sample["said"]):
        yield from _said(f"    {line['who']}: ", line["text"])
    for sign, side in zip("-+", sample["sides"] or (), strict=False):
        yield from _side(sign, side)
    if sample["unknown"]:
        yield f"    {sample['unknown']} later events are unknown from here on"


def _side(sign: str, side: dict[str, Any]) -> Iterator[str]:
    for message in side["messages"]:
        yield from _said(f"  {sign} we: ", message["text"])
    if not side["messages"]:
        yield f"  {sign} nothing is said"
    for each in side["outcomes"]:
        if each["differs"]:
            yield f"  {sign} {each['outcome']}: {each['details']}"


def _said(before: str, text: str) -> Iterator[str]:
    """On lines of a bearable width; nothing in it can move the cursor."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    yield from textwrap.wrap(
        before + plain, WIDTH, subsequent_indent="      ", break_on_hyphens=False
    )
