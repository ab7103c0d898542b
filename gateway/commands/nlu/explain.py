"""gateway nlu explain."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from domain.understanding import Reply
from domain.values import ChannelKind
from gateway.clock import moment, system_clock
from gateway.commands.nlu.evaluate import summary
from gateway.commands.nlu.inputs import JSON, MODEL, classifier
from gateway.commands.nlu.lines import as_json
from gateway.commands.nlu.shown import legible, table

if TYPE_CHECKING:
    from nlu.explain import Explanation, Mention


def explain(
    text: Annotated[str, typer.Argument(help="What a customer wrote.")],
    locale: Annotated[str, typer.Option(help="en-US, en-GB or es-US.")] = "en-US",
    day: Annotated[
        datetime | None,
        typer.Option("--reference", help="The customer's local time; now if left out."),
    ] = None,
    pending: Annotated[
        str | None, typer.Option(help="The slot just asked for, such as promise_date.")
    ] = None,
    model: MODEL = None,
    json: JSON = False,
) -> None:
    """Tell what a reply is understood to mean, and why."""
    from nlu.explain import explain as explained

    at = (day or moment(system_clock())).astimezone()
    reply = Reply("1", text, ChannelKind.SMS, locale, at, None, pending)
    found = explained(reply, classifier(model))
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(in_json(found)) + b"\n")
    else:
        in_text(found)


def in_json(found: "Explanation") -> dict[str, Any]:
    """The explanation with the answer as `nlu parse` writes it."""
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told | {"answer": as_json("1", found.answer)}


def in_text(found: "Explanation") -> None:
    answer = found.answer
    read = [
        ("answer", summary(answer)),
        ("decided by", answer.decided_by),
        ("read as", found.plain),
    ]
    if found.matter != found.plain:
        read.append(("without courtesies", found.matter))
    if found.read_as != found.matter:
        read.append(("with figures", found.read_as))
    if found.keyword:
        read.append(("carrier keyword", found.keyword))
    table("Reply", ("", ""), [(name, legible(text)) for name, text in read])
    table("Rules that hold", ("rule", "intent", "confidence", "words"), [
        (rule.name, rule.intent, f"{rule.confidence:.2f}", legible(rule.words))
        for rule in found.rules
    ])  # fmt: skip
    table(f"What {found.model} makes of it", ("intent", "raw", "calibrated"), [
        (guess.intent, f"{guess.raw:+.3f}", f"{guess.calibrated:.3f}") for guess in found.guesses
    ])  # fmt: skip
    table("... of its parts", ("intent", "raw", "calibrated", "part"), [
        (part.guess.intent, f"{part.guess.raw:+.3f}", f"{part.guess.calibrated:.3f}",
         legible(part.text))
        for part in found.parts
    ])  # fmt: skip
    table("Words that weigh most", ("intent", "words"), [
        (intent, ", ".join(f"{legible(each.word)} {each.weight:+.2f}" for each in weighed))
        for intent, weighed in found.features.items()
    ])  # fmt: skip
    table("Days and amounts", ("kind", "words", "from", "to", "rule", "value"), [
        (each.kind, legible(each.words), str(each.start), str(each.end), each.rule, _value(each))
        for each in found.entities
    ])  # fmt: skip


def _value(mention: "Mention") -> str:
    parts = [mention.value or ("" if mention.past else "none, a vague time")]
    parts.append(f"if past, {mention.past}" if mention.past else "")
    parts.append("or day and month exchanged" if mention.ambiguous else "")
    return "; ".join(filter(None, parts))
