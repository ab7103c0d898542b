"""Changes to pack.yml: the closing line, the waits for an answer, the limits."""

import re
from collections.abc import Iterator

from dialogs.mutation.mutant import Mutant, Theme
from dialogs.mutation.source import HEAD, Source
from dialogs.mutation.spots import Edit, Spot, top
from dialogs.mutation.wording import other


def in_settings(source: Source) -> Iterator[Mutant]:
    gateway = top(source.trees, HEAD).get("metadata", "gateway")
    if gateway is None:
        return
    yield from _closing(gateway)
    yield from _ladder(gateway)
    for key in ("max_tries", "complaint_days"):
        limit = gateway.get(key)
        if limit is not None:
            new = other(limit.value)
            change = f"{key}: {new} in place of {limit.value}"
            yield _mutant(f"{key}-changed", limit, change, limit.becomes(new))


def _mutant(operator: str, at: Spot, change: str, edit: Edit, theme: Theme = Theme.FLOW) -> Mutant:
    return Mutant(theme, operator, ("pack",), at.place, change, (edit,))


def _closing(gateway: Spot) -> Iterator[Mutant]:
    closing = gateway.get("closing")
    if closing is None:
        return
    yield _mutant("closing-out", closing, "closing: removed", closing.out(), Theme.COMPLIANCE)
    for item in closing.list("categories"):
        change = f"closing: not after {item.words}"
        yield _mutant("closing-category-out", item, change, item.out(), Theme.COMPLIANCE)


def _ladder(gateway: Spot) -> Iterator[Mutant]:
    rungs = gateway.list("no_reply")
    for number, rung in enumerate(rungs, 1):
        if len(rungs) > 1:
            yield _mutant("wait-out", rung, f"wait {number}: removed", rung.out())
        after, response = rung.get("after"), rung.get("response")
        if after is not None:
            longer = re.sub(r"\d+", lambda match: str(int(match[0]) * 2), after.words, count=1)
            change = f"wait {number}: {longer} in place of {after.words}"
            yield _mutant("wait-changed", after, change, after.becomes(longer))
        if response is not None:
            change = f"wait {number}: without {response.words}"
            yield _mutant("wait-response-out", response, change, response.out())
