"""An evaluation as one HTML page: no script, no font, no picture from elsewhere."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import UNSET

from domain.intents import NAMING_ORDER
from domain.understanding import Understanding
from nlu.evaluation import Bin, Evaluation, Expected, Plan, Rate, plan_of

SIDE = 360
"""Width and height of the reliability curve, in the SVG's units."""
FIGURES = {
    "accuracy": "Accuracy: the primary intent is a right one",
    "macro_f1": "Macro F1: the mean of all intents' F1",
    "safety_recall": "Safety recall: safety intents that were found",
    "false_opt_outs": "False opt-outs, of all replies",
    "false_opt_outs_of_traps": "False opt-outs, of keyword traps",
    "coverage_at_95_precision": "Coverage at 95 % precision",
    "expected_calibration_error": "Expected calibration error",
}


class Cell(NamedTuple):
    """`shade` is 0 to 9: the share of its row, in tenths."""

    replies: int
    shade: int
    right: bool


class Line(NamedTuple):
    expected: str
    cells: list[Cell]


class Point(NamedTuple):
    x: float
    y: float
    size: float
    bin: Bin


def html(found: Evaluation, source: str, version: str) -> str:
    """The page. `source` names the file that was answered, `version` the model."""
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    named, lines = confusion(found)
    return environment.get_template("report.html").render(
        found=found, source=source, version=version, figures=list(_figures(found)),
        named=named, lines=lines, points=points(found.bins), side=SIDE, misses=list(_misses(found)),
    )  # fmt: skip


def _figures(found: Evaluation) -> Iterator[tuple[str, float | None, Rate | None]]:
    for name, figure in found.figures.items():
        label = FIGURES.get(name) or name.replace("_exact", "").replace("_", " ") + ", exact"
        yield label, figure, found.rates.get(name)
    for locale, rate in found.locales.items():
        yield f"Accuracy in {locale}", rate.share, rate


def confusion(found: Evaluation) -> tuple[list[str], list[Line]]:
    """The columns' names, and a line for each intent that was expected."""
    every = found.confusion
    named = _ordered(name for _, name in every)
    lines = []
    for expected in _ordered(expected for expected, _ in every):
        counts = [every.get((expected, name), 0) for name in named]
        total = sum(counts)
        lines.append(Line(expected, [
            Cell(count, min(9, 10 * count // total), name == expected)
            for name, count in zip(named, counts, strict=True)
        ]))  # fmt: skip
    return named, lines


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=NAMING_ORDER.index)


def points(bins: Iterable[Bin]) -> list[Point]:
    """Where the curve goes through: confidence to the right, rightness upwards."""
    found = list(bins)
    most = max((each.answers for each in found), default=1)
    return [
        Point(
            round(each.confidence * SIDE, 1),
            round((1 - each.right) * SIDE, 1),
            round(3 + 6 * (each.answers / most) ** 0.5, 1),
            each,
        )
        for each in found
    ]


def _misses(found: Evaluation) -> Iterator[dict[str, Any]]:
    for miss in found.misses:
        yield {
            "id": miss.id,
            "text": miss.text,
            "wrong": ", ".join(miss.wrong).replace("_", " "),
            "expected": _expected(miss.expected),
            "found": _found(miss.found),
            "confidence": miss.found.confidence,
            "decided_by": miss.found.decided_by,
        }


def _expected(expected: Expected) -> str:
    judged = [value for value in (expected.amount, expected.date) if value is not UNSET]
    plan = None if expected.instalment is UNSET else expected.instalment
    return _said(" or ".join(expected.intents), judged, plan)


def _found(found: Understanding) -> str:
    names = ", ".join(score.name for score in found.intents)
    amount = found.amount.decimal if found.amount else None
    return _said(names, [amount, found.date], plan_of(found))


def _said(names: str, values: Iterable[object], plan: Plan | None) -> str:
    parts = [names, *(str(value) for value in values if value is not None)]
    if plan is not None:
        amount = plan.amount if isinstance(plan.amount, Decimal) else "?"
        parts.append(f"{amount} {plan.frequency or '?'} × {plan.count or '?'}")
    return "; ".join(filter(None, parts))
