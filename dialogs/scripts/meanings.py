"""What a reply means, where a test writes it out instead of asking the model."""

import re
from collections.abc import Mapping

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry, Place, Unreadable, parse
from dialogs.scripts.cases import Meaning
from dialogs.scripts.written import AMOUNT, DAY, Entries, amount, day, named
from dialogs.shapes import Keys, Schema, listed, one_of, text, whole
from domain.intents import INTENTS
from domain.understanding import Instalment, Score

SURE = 0.95
SLASH = re.compile(r"/(?P<names>[a-z_]+(?:\+[a-z_]+)*)\s*(?P<rest>\{.*\})?", re.DOTALL)
SURENESS: Schema = {"type": ["number", "string"], "minimum": 0, "maximum": 1}
FREQUENCIES = ("weekly", "fortnightly", "four_weekly", "monthly", "semi_monthly")
INSTALMENT = Keys(
    {"amount": AMOUNT, "frequency": one_of(FREQUENCIES), "count": whole("how many", 1, 120)}
)
ENTITIES: Mapping[str, Schema] = {
    "amount": AMOUNT,
    "date": DAY,
    "instalment": INSTALMENT.schema(),
    "choice": whole("the number of an offered choice", 1, 99),
    "ambiguous": listed(text()),
}
STATED: Mapping[str, Schema] = {
    "intent": {
        "description": "one, a list, or each with its confidence",
        "anyOf": [
            one_of(INTENTS),
            listed(one_of(INTENTS), least=1),
            {**Keys(dict.fromkeys(sorted(INTENTS), SURENESS)).schema(), "minProperties": 1},
        ],
    },
    **ENTITIES,
}
"""What a reply means, by the keys of its step."""


def slashed(reader: Reader, entry: Entry, currency: str) -> tuple[str, Meaning] | None:
    """The words and the meaning of "/promise_to_pay{amount: 50, date: P4D}"; several intents are
    joined by +, and `text` in the braces gives words. None where it is no such text."""
    text = entry.value.strip() if isinstance(entry.value, str) else ""
    if not text.startswith("/"):
        return None
    found = SLASH.fullmatch(text)
    if found is None:
        mend = "write /promise_to_pay{amount: 50, date: 2026-11-27}"
        reader.report(entry.place, "meaning", f"{text!r} names no intent", mend)
        return text, Meaning((Score("out_of_scope", SURE),))
    inner = _braces(reader, found["rest"], entry.place)
    keys = reader.mapping(inner, (*ENTITIES, "text"))
    names = [
        Entry(name, entry.place) for name in found["names"].split("+")
    ]  # the place of the whole text: columns within it are not kept
    scores = tuple(Score(named(reader, name, INTENTS, "intent"), SURE) for name in names)
    words = reader.text(keys["text"]) if "text" in keys else text
    return words, _meaning(reader, scores, keys, currency)


def _braces(reader: Reader, text: str | None, place: Place) -> Entry:
    """The mapping in braces, every part of it at the place of the whole text."""
    if text is None:
        return Entry({}, place)
    try:
        return _placed(parse(text.replace("{", "{ ", 1), place.file), place)
    except Unreadable as error:
        reader.report(place, "meaning", error.finding.reason, "write {amount: 50, date: P4D}")
        return Entry({}, place)


def _placed(entry: Entry, place: Place) -> Entry:
    match entry.value:
        case dict() as mapping:
            return Entry({key: _placed(each, place) for key, each in mapping.items()}, place)
        case list() as items:
            return Entry([_placed(each, place) for each in items], place)
    return Entry(entry.value, place)


def stated(reader: Reader, keys: Entries, currency: str) -> Meaning | None:
    """The meaning by the keys `intent` (a name, a list, or names with confidences) and the
    entities; None where none of them stands there."""
    if "intent" not in keys:
        for name in ENTITIES:
            if name in keys:
                reader.report(keys[name].place, "meaning", f"{name} without intent", "add intent:")
        return None
    return _meaning(reader, _scores(reader, keys["intent"]), keys, currency)


def _scores(reader: Reader, entry: Entry) -> tuple[Score, ...]:
    match entry.value:
        case dict() as found:
            scores = tuple(
                Score(named(reader, Entry(name, e.place), INTENTS, "intent"), _sure(reader, e))
                for name, e in found.items()
            )
        case list() as items:
            scores = tuple(Score(named(reader, e, INTENTS, "intent"), SURE) for e in items)
        case _:
            scores = (Score(named(reader, entry, INTENTS, "intent"), SURE),)
    if not scores:
        reader.report(entry.place, "meaning", "no intent is named", "name one, as out_of_scope")
    return scores or (Score("out_of_scope", SURE),)


def _sure(reader: Reader, entry: Entry) -> float:
    try:
        value = float(str(entry.value))
        if 0 <= value <= 1 and not isinstance(entry.value, bool):
            return value
    except ValueError:
        pass
    reader.report(entry.place, "meaning", f"{entry.value!r} is no confidence", "write 0.6")
    return SURE


def _meaning(reader: Reader, scores: tuple[Score, ...], keys: Entries, currency: str) -> Meaning:
    return Meaning(
        intents=scores,
        amount=amount(reader, keys["amount"], currency) if "amount" in keys else None,
        date=day(reader, keys["date"]) if "date" in keys else None,
        instalment=_instalment(reader, keys["instalment"], currency)
        if "instalment" in keys
        else None,
        choice=reader.whole(keys["choice"], 1, 1, 99) if "choice" in keys else None,
        ambiguous=reader.texts(keys.get("ambiguous")),
    )


def _instalment(reader: Reader, entry: Entry, currency: str) -> Instalment:
    keys = reader.keys(entry, INSTALMENT)
    frequency = keys.get("frequency")
    return Instalment(
        amount=amount(reader, keys["amount"], currency) if "amount" in keys else None,
        frequency=reader.choice(frequency, FREQUENCIES, "monthly") if frequency else None,
        count=reader.whole(keys["count"], 2, 1, 120) if "count" in keys else None,
    )
