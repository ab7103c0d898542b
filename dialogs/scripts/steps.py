"""The steps of a case, in the order in which they are played."""

from collections.abc import Mapping
from datetime import timedelta

from dialogs.loading.source import Entry
from dialogs.scripts.cases import Step, Stimulus
from dialogs.scripts.expectations import CHECKS
from dialogs.scripts.happenings import STIMULI
from dialogs.scripts.script import Script
from dialogs.scripts.written import raw
from dialogs.shapes import Keys, Schema, listed

CHECK = {
    **Keys({name: each.schema for name, each in CHECKS.items()}).schema(),
    "minProperties": 1,
    "maxProperties": 1,
}
SHARED: Mapping[str, Schema] = {"assertions": listed({"$ref": "#/$defs/check"})}
STEP = {
    "oneOf": [
        *(
            Keys({kind: each.schema, **each.more, **SHARED}, (kind,)).schema()
            for kind, each in STIMULI.items()
        ),
        {"$ref": "#/$defs/check"},
    ]
}


def read_steps(script: Script, entry: Entry | None) -> tuple[Step, ...]:
    """In the order in which they are played; assertions after the step that they are of."""
    steps: list[Step] = []
    happened = False
    for item in script.reader.items(entry):
        read = _step(script, item)
        if read and not happened and not isinstance(read[0].deed, Stimulus):
            script.reader.report(
                item.place, "nothing-happened", "nothing has happened yet to look at",
                "begin with user, campaign, payment or advance",
            )  # fmt: skip
        happened = happened or any(isinstance(step.deed, Stimulus) for step in read)
        steps += read
    return tuple(steps)


def _step(script: Script, entry: Entry) -> list[Step]:
    reader = script.reader
    if not isinstance(entry.value, dict):
        reader.report(entry.place, "step-kind", "a step is a mapping", "write user: ...")
        return []
    kinds = [kind for kind in (*STIMULI, *CHECKS) if kind in entry.value]
    if len(kinds) != 1:
        mend = "one of " + ", ".join((*STIMULI, *CHECKS))
        reader.report(entry.place, "step-kind", "a step has exactly one kind", mend)
        return []
    kind = kinds[0]
    if kind in CHECKS:
        return _checks(script, entry)
    happening = STIMULI[kind]
    keys = reader.mapping(entry, (kind, *happening.more, *SHARED))
    deed = happening.read(script, keys[kind], keys)
    step = Step(keys[kind].place, _words(kind, keys[kind]), deed)
    checks = [
        check
        for item in reader.items(keys.get("assertions"))
        for check in _checks(script, item)
    ]  # fmt: skip
    return [step, *checks]


def _checks(script: Script, entry: Entry) -> list[Step]:
    """The checks of a mapping with one of their names as its only key."""
    steps = []
    keys = script.reader.mapping(entry, CHECKS)
    if len(keys) != 1 and entry.value:
        script.reader.report(
            entry.place, "step-kind", "an assertion has exactly one kind", "begin each with -"
        )
    for kind, value in keys.items():
        if kind in CHECKS:
            words = _words(kind, value)
            steps += [Step(value.place, words, check) for check in CHECKS[kind].read(script, value)]
    return steps


def _words(kind: str, entry: Entry) -> str:
    return f"{kind}: {_plain(raw(entry))}"


def _plain(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_plain(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_plain, value)) + "]"
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case timedelta():
            return f"P{value.days}D" + (f"T{value.seconds}S" if value.seconds else "")
    return " ".join(str(value).split())
