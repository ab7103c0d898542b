"""Changes to texts: their variations, words, conditions, buttons and closing lines."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from dialogs.mutation.mutant import EVERYWHERE, Mutant, Reach, Theme
from dialogs.mutation.source import Source
from dialogs.mutation.spots import Edit, Spot
from dialogs.mutation.wording import negated, renumbered, reworded, undisclosed
from dialogs.names import VERIFIED

WORDED = ("text", "subject", "html")


class _Text(NamedTuple):
    """A variation; `guarded` where compliance hangs on its words."""

    where: tuple[str, ...]
    guarded: bool
    reach: Reach
    spot: Spot

    def mutant(
        self, operator: str, at: Spot, change: str, *edits: Edit, grave: bool = False
    ) -> Mutant:
        theme = Theme.COMPLIANCE if grave or self.guarded else Theme.RESPONSE
        return Mutant(theme, operator, self.where, at.place, change, edits, self.reach)


def in_responses(source: Source) -> Iterator[Mutant]:
    for locale, name, spot in source.responses():
        guarded = name in source.guarded
        reach = EVERYWHERE if name in source.joined else Reach(response=name, exact=True)
        texts = [
            _Text(("response", locale, name, _name(item, number)), guarded, reach, item)
            for number, item in enumerate(spot.items(), 1)
        ]
        for text, after in zip_longest(texts, texts[1:]):
            yield from _variation(text, len(texts) > 1)
            yield from _words(text)
            yield from _condition(text)
            yield from _buttons(text)
            if after is not None:
                yield from _swapped(text, after)


def _name(item: Spot, number: int) -> str:
    name = item.get("id")
    return name.words if name else str(number)


def _start(spot: Spot) -> str:
    return f'"{" ".join(spot.words.split())}"'


def _variation(text: _Text, several: bool) -> Iterator[Mutant]:
    words = text.spot.get("text")
    if several and words is not None:
        condition = text.spot.get("condition")
        grave = condition is not None and VERIFIED in condition.words
        yield text.mutant(
            "variation-out", words, f"{_start(words)}: removed", text.spot.out(), grave=grave
        )
    closing = text.spot.get("closing")
    if closing is not None:
        change = f"closing: {closing.words or 'nothing'}, removed"
        yield text.mutant("closing-out", closing, change, closing.out(), grave=True)
        if closing.words:
            change = f"closing: nothing in place of {closing.words}"
            yield text.mutant("closing-blank", closing, change, closing.becomes(""), grave=True)


def _words(text: _Text) -> Iterator[Mutant]:
    for key in WORDED:
        spot = text.spot.get(key)
        if spot is None or not spot.words:
            continue
        start = f"{key}: {_start(spot)}"
        yield text.mutant(f"{key}-blank", spot, f"{start}: left blank", spot.becomes(""))
        words = reworded(spot.words)
        if words != spot.words:
            yield text.mutant(f"{key}-reworded", spot, f"{start}: other words", spot.becomes(words))
        for said, words in undisclosed(spot.words):
            change = f"{start}: without {said}"
            yield text.mutant(f"{key}-undisclosed", spot, change, spot.becomes(words), grave=True)
        for number, words in renumbered(spot.words):
            change = f"{start}: another number than {number}"
            yield text.mutant(f"{key}-renumbered", spot, change, spot.becomes(words))


def _condition(text: _Text) -> Iterator[Mutant]:
    condition = text.spot.get("condition")
    if condition is None or not condition.words:
        return
    grave = VERIFIED in condition.words
    words = f"condition: {condition.words}"
    yield text.mutant("condition-out", condition, f"{words}, removed", condition.out(), grave=grave)
    edit = condition.becomes(negated(condition.words))
    yield text.mutant("condition-negated", condition, f"{words}, negated", edit, grave=grave)


def _buttons(text: _Text) -> Iterator[Mutant]:
    for button in text.spot.list("buttons"):
        title, payload = button.get("title"), button.get("payload")
        if title is None or payload is None:
            continue
        words = f"button {title.words}"
        yield text.mutant("button-out", button, f"{words}: removed", button.out())
        edit = title.becomes(reworded(title.words))
        yield text.mutant("button-reworded", title, f"{words}: another title", edit)
        new = "/thanks" if payload.words != "/thanks" else "/greeting"
        change = f"{words}: {new} in place of {payload.words}"
        yield text.mutant("button-misled", payload, change, payload.becomes(new))


def _swapped(text: _Text, after: _Text) -> Iterator[Mutant]:
    first, second = text.spot.get("text"), after.spot.get("text")
    if first is None or second is None or first.words == second.words:
        return
    change = f"{_start(first)} and {_start(second)} in each other's place"
    edits = (first.becomes(second.value), second.becomes(first.value))
    yield text.mutant("text-swapped", first, change, *edits)
