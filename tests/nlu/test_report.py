"""The report is one page that needs nothing else, and keeps customers' words from being markup."""

import re
from datetime import date, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from domain.understanding import Reply, Score, Understanding
from domain.values import ChannelKind, Money
from nlu.evaluation import Case, Expected, evaluate
from nlu.report import SIDE, confusion, html, points

AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("UTC"))
HOSTILE = '<script>alert(1)</script>" onload="x {{ 7 * 7 }} \u202e'
VOID = {"meta", "br", "img", "input", "link", "hr"}


def judged(text: str, expected: str, found: str, confidence: float) -> tuple[Case, Understanding]:
    reply = Reply("<7>", text, ChannelKind.SMS, "en-US", AT)
    answer = Understanding(
        found, confidence, (Score(found, confidence),), "model:x", Money(5000, "USD"),
        date(2026, 3, 6),
    )  # fmt: skip
    return Case(reply, Expected((expected,), amount=None)), answer


@pytest.fixture
def page() -> str:
    pairs = [judged("thanks", "thanks", "thanks", 0.9), judged(HOSTILE, "deny", "opt_out", 0.4)]
    cases, answers = zip(*pairs, strict=True)
    return html(evaluate(cases, answers), "<file>.jsonl", "builtin-1")


class Structure(HTMLParser):
    """What the page is built of; raises where tags are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def structure(page: str) -> Structure:
    found = Structure()
    found.feed(page)
    assert found.open == []
    return found


def test_nothing_is_loaded_or_run(page: str) -> None:
    for tag, attributes in structure(page).seen:
        assert tag not in {"script", "img", "iframe", "object", "link", "form"}
        assert not {name for name in attributes if name.startswith("on")} | {"src"} & set(
            attributes
        )
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_customers_words_stay_words(page: str) -> None:
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7 * 7 }}" in page
    assert "&lt;file&gt;.jsonl" in page


def test_it_can_be_read_without_seeing_it(page: str) -> None:
    found = structure(page)
    tags = [tag for tag, _ in found.seen]
    assert dict(found.seen[0][1]) == {"lang": "en"}
    assert tags.count("h1") == tags.count("main") == tags.count("title") - 1 == 1
    ids = {attributes["id"] for _, attributes in found.seen if "id" in attributes}
    for tag, attributes in found.seen:
        if tag == "th":
            assert attributes["scope"] in {"row", "col"}
        if tag == "svg":
            assert attributes["role"] == "img"
        if "overflow" in (attributes.get("class") or "") or attributes.get("class") == "wide":
            assert attributes["tabindex"] == "0"
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids
        assert (attributes.get("href") or "#main")[1:] in ids | {"main"}


def test_text_on_the_darkest_shade_can_be_read(page: str) -> None:
    """WCAG AA asks for 4.5 to 1."""
    darkest = re.search(r"\.s9\{background:#(\w{6})\}", page)
    assert darkest
    assert contrast("0b0c0c", darkest[1]) >= 4.5


def contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, bright = sorted((light(first), light(second)))
    return (bright + 0.05) / (dark + 0.05)


def test_the_matrix_has_every_answer_once() -> None:
    pairs = [judged("", "deny", found, 0.9) for found in ("deny", "deny", "thanks")]
    cases, answers = zip(*pairs, strict=True)
    named, (line,) = confusion(evaluate(cases, answers))
    assert named == ["deny", "thanks"]
    assert [(cell.replies, cell.shade, cell.right) for cell in line.cells] == [
        (2, 6, True), (1, 3, False),
    ]  # fmt: skip


def test_the_curve_rises_to_the_right() -> None:
    pairs = [judged("", "deny", "deny", 1.0), judged("", "deny", "thanks", 0.0)]
    cases, answers = zip(*pairs, strict=True)
    low, high = points(evaluate(cases, answers).bins)
    assert (low.x, low.y) == (0, SIDE)
    assert (high.x, high.y) == (SIDE, 0)


def test_a_page_of_nothing() -> None:
    page = html(evaluate([], []), "empty", "builtin-1")
    structure(page)
    assert "not judged" in page
