"""A replay's result as plain values: what JSON holds, and text and page are made of."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dialogs.replaying.comparing import FIRST, OTHERWISE, SECOND, Pair
from dialogs.replaying.summary import Row, Sample
from dialogs.replaying.telling import Message, Told
from gateway.clock import moment
from gateway.replay.conversation import Window
from gateway.replay.result import Fate, Result

MOST_LINES = 200
"""Lines of a table of paths, messages or outcomes, the most frequent first."""


class Heading(NamedTuple):
    """What was compared; `first` and `second` are how the packs are called."""

    first: str
    second: str
    window: Window
    client: str | None
    understand: str


def shape(result: Result, heading: Heading, samples: int) -> dict[str, Any]:
    tally, fates = result.tally, result.fates
    return {
        "first": heading.first,
        "second": heading.second,
        "since": _instant(heading.window.since),
        "until": _instant(heading.window.until),
        "client": heading.client,
        "understand": heading.understand,
        "seconds": round(result.seconds, 2),
        "differs": result.differs,
        "conversations": {"all": result.conversations, **{each.value: fates[each] for each in Fate}}
        | {"failed": result.failed.total()},
        "events": {
            "compared": tally.compared,
            "differing": tally.differing,
            "unknown": result.uncompared,
        },
        "by_intent": [_row(name, row) for name, row in _sorted(tally.rows)],
        "intents": _pairs(tally.intents.most_common(MOST_LINES)),
        "paths": _pairs(tally.paths.most_common(MOST_LINES)),
        "messages": _pairs(tally.messages.most_common(MOST_LINES)),
        "outcomes": _outcomes(tally.outcomes),
        "record": {
            "messages": result.checked.total,
            "same": result.checked.same,
            "other": dict(result.checked.other.most_common()),
        },
        "assumptions": {each.value: count for each, count in result.assumed.most_common()},
        "failures": dict(result.failed.most_common()),
        "samples": [_sample(each) for each in tally.chosen(samples)],
    }


def _sorted(rows: Mapping[str, Row]) -> list[tuple[str, Row]]:
    """Those that differ most first, then by name."""
    return sorted(rows.items(), key=lambda each: (-each[1].differing, -each[1].compared, each[0]))


def _row(name: str, row: Row) -> dict[str, Any]:
    return {
        "intent": name,
        "compared": row.compared,
        "differing": row.differing,
        "by_intent": row.intent,
        "by_path": row.path,
        "by_message": row.message,
        "by_outcome": row.outcome,
    }


def _pairs(counted: Iterable[tuple[tuple[Any, Any], int]]) -> list[dict[str, Any]]:
    return [
        {"first": _plain(first), "second": _plain(second), "count": count}
        for (first, second), count in counted
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _outcomes(counted: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """By kind, how often only one of the two brought it about, or both did otherwise."""
    kinds: dict[str, dict[str, int]] = {}
    for (kind, how), count in counted.items():
        kinds.setdefault(kind, dict.fromkeys((FIRST, SECOND, OTHERWISE), 0))[how] = count
    ordered = sorted(kinds.items(), key=lambda each: (-sum(each[1].values()), each[0]))
    return [
        {
            "outcome": kind,
            "only_first": by[FIRST],
            "only_second": by[SECOND],
            "otherwise": by[OTHERWISE],
        }
        for kind, by in ordered[:MOST_LINES]
    ]


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "client": sample.client,
        "conversation": sample.conversation,
        "at": _instant(sample.at),
        "before": [{"who": line.who, "text": line.text} for line in sample.before],
        "said": {"who": sample.said.who, "text": sample.said.text},
        "sides": None if sample.pair is None else _sides(sample.pair),
        "differs_in": [] if sample.pair is None else _differs_in(sample.pair),
        "unknown": sample.unknown,
    }


def _differs_in(pair: Pair) -> list[str]:
    kinds = {
        "intent": pair.other_intent,
        "path": pair.other_path,
        "message": pair.other_message,
        "outcome": pair.other_outcome,
    }
    return [name for name, differs in kinds.items() if differs]


def _sides(pair: Pair) -> list[dict[str, Any]]:
    return [
        {
            "intents": list(meant.intents) or [meant.intent],
            "path": list(told.path),
            "messages": [_message(each) for each in told.messages],
            "outcomes": _own(told, other),
            "trace": list(told.trace),
        }
        for meant, told, other in zip(pair.meant, pair.told, reversed(pair.told), strict=True)
    ]


def _own(told: Told, other: Told) -> list[dict[str, Any]]:
    return [
        {"outcome": kind, "details": details, "differs": other.outcomes.get(kind) != details}
        for kind, details in told.outcomes.items()
    ]


def _message(message: Message) -> dict[str, Any]:
    return {
        "channel": message.channel,
        "response": message.response,
        "variation": message.variation,
        "subject": message.subject,
        "text": message.text,
    }


def _instant(at: int) -> str:
    return moment(at).isoformat(timespec="seconds")
