"""gateway nlu evaluate."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from domain.understanding import Understanding
from gateway.commands.nlu.inputs import FINDINGS, JSON, MODEL, cases_of, stop, understander
from gateway.commands.nlu.lines import as_json
from gateway.commands.nlu.shown import LONGEST, legible, share, table
from nlu.evaluation import SMALL_IS_GOOD, Evaluation, Miss, evaluate

MOST_MISSES = 50
"""Misses in the text; JSON and HTML hold all."""


def evaluate_file(
    file: Annotated[
        Path, typer.Argument(help='JSON lines as for parse with "expect", or a Rasa nlu.yml.')
    ],
    model: MODEL = None,
    json: JSON = False,
    html: Annotated[Path | None, typer.Option(help="Write a report for people there.")] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="FIGURE=VALUE", help="Such as accuracy=0.9; may be repeated."),
    ] = None,
) -> None:
    """Answer replies whose meaning is known, and tell how many answers are right.

    Exit 1 where a figure misses what --require asks for.
    """
    wanted = dict(map(_requirement, require or ()))
    cases = cases_of(file)
    understands = understander(model)
    found = evaluate(cases, understands.parse([case.reply for case in cases]))
    if unknown := wanted.keys() - found.figures.keys():
        known = ", ".join(found.figures)
        stop(f"no figure {', '.join(sorted(unknown))} in this file; there are {known}")
    if html is not None:
        _write_report(html, found, file.name, understands.version)
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(in_json(found, understands.version)) + b"\n")
    else:
        in_text(found, understands.version)
    missed = [line for name, value in wanted.items() if (line := _missed(found, name, value))]
    if missed:
        stop("\n".join(missed), FINDINGS)


def _requirement(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        stop(f"--require {text}: write it as accuracy=0.9")


def _missed(found: Evaluation, name: str, wanted: float) -> str | None:
    got, most = found.figures[name], name in SMALL_IS_GOOD
    if got is None:
        return f"{name} is not judged by any reply of this file"
    if got <= wanted if most else got >= wanted:
        return None
    return f"{name} is {got:.4f}, at {'most' if most else 'least'} {wanted:g} is required"


def _write_report(path: Path, found: Evaluation, name: str, version: str) -> None:
    from nlu.report import html

    try:
        path.write_text(html(found, name, version), encoding="utf-8")
    except OSError as error:
        stop(f"{path}: {error.strerror}")


def in_json(found: Evaluation, version: str) -> dict[str, Any]:
    """All that was found, the misses with their answers as `nlu parse` writes them."""
    return {
        "model": version,
        "replies": found.replies,
        "judged": found.judged,
        **found.figures,
        "threshold": found.threshold,
        "counts": {name: [rate.right, rate.of] for name, rate in found.rates.items()},
        "intents": [
            {
                "name": each.name,
                "precision": each.precision,
                "recall": each.recall,
                "f1": each.f1,
                "expected": each.asked,
                "found": each.named,
            }
            for each in found.intents
        ],
        "confusion": [
            {"expected": expected, "found": named, "replies": count}
            for (expected, named), count in sorted(found.confusion.items())
        ],
        "calibration": found.bins,
        "locales": {name: rate.share for name, rate in found.locales.items()},
        "misses": [_miss(miss) for miss in found.misses],
    }


def _miss(miss: Miss) -> dict[str, Any]:
    return {
        "id": miss.id,
        "text": miss.text,
        "wrong": miss.wrong,
        "expect": miss.expected,
        "found": as_json(miss.id, miss.found),
    }


def in_text(found: Evaluation, version: str) -> None:
    rows = []
    for name, figure in found.figures.items():
        rate = found.rates.get(name)
        if rate is None:
            rows.append((name, share(figure), "", ""))
        elif rate.bounds:
            low, high = rate.bounds
            count = f"{rate.right} of {rate.of}"
            rows.append((name, share(figure), count, f"{low:.3f} to {high:.3f}"))
    table(f"{found.replies} replies, {version}", ("figure", "", "counted", "95 % interval"), rows)
    table("By locale", ("locale", "accuracy", "replies"), [
        (name, share(rate.share), str(rate.of)) for name, rate in found.locales.items()
    ])  # fmt: skip
    table("By intent", ("intent", "precision", "recall", "f1", "replies"), [
        (each.name, share(each.precision), share(each.recall), share(each.f1), str(each.asked))
        for each in found.intents
    ])  # fmt: skip
    shown = found.misses[:MOST_MISSES]
    table(f"Misses, {len(shown)} of {len(found.misses)}", ("id", "wrong", "found", "text"), [
        (legible(miss.id), ", ".join(miss.wrong), summary(miss.found), legible(miss.text, LONGEST))
        for miss in shown
    ])  # fmt: skip


def summary(found: Understanding) -> str:
    """An answer in a few words: intents, confidence, values."""
    plan = found.instalment
    values = [
        str(found.amount) if found.amount else "",
        found.date.isoformat() if found.date else "",
        f"{plan.amount or '?'} {plan.frequency or '?'} x {plan.count or '?'}" if plan else "",
    ]
    names = "+".join(score.name for score in found.intents)
    return " ".join([names, f"{found.confidence:.2f}", *filter(None, values)])
