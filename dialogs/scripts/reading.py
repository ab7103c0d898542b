"""`tests/*.yml` of a pack: all findings at once, or the cases."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from dialogs.actions import ACTIONS
from dialogs.findings import Finding, PackError
from dialogs.loading.reading import Reader, TooManyFindings
from dialogs.loading.source import Entry, Unreadable, parse, read
from dialogs.pack import Pack
from dialogs.scripts.cases import Case, Setting, Written
from dialogs.scripts.script import Script
from dialogs.scripts.settings import SETTING, read_setting, standard
from dialogs.scripts.steps import read_steps
from dialogs.scripts.written import named, slot_value
from dialogs.shapes import ANYTHING, Keys, Schema, listed, text
from dialogs.shapes import named as named_by
from domain.comparison import Value

FOLDER = "tests"
SLOTS: Schema = {"anyOf": [named_by(ANYTHING), listed(named_by(ANYTHING))]}


def by_name(schema: Schema) -> Schema:
    """A mapping, or as Rasa writes it, a list of mappings with one key each."""
    return {"anyOf": [named_by(schema), listed(named_by(schema))]}


CASE = Keys(
    {
        "test_case": text("what it shows"),
        "fixtures": listed(text(), "names of fixtures"),
        "metadata": {"anyOf": [text("a name of metadata"), SETTING.schema()]},
        "steps": listed({"$ref": "#/$defs/step"}, "what happens and what must follow"),
    },
    ("test_case", "steps"),
)
STUB = Keys({"slots": SLOTS})
FILE = Keys(
    {
        "test_cases": listed(CASE.schema()),
        "fixtures": by_name(SLOTS),
        "metadata": by_name(SETTING.schema()),
        "stub_custom_actions": Keys(dict.fromkeys(sorted(ACTIONS), STUB.schema())).schema(),
    },
    ("test_cases",),
)
MAX_CASES = 2_000


def files_of(pack: Path) -> list[Path]:
    """The files of a pack's `tests` folder, in the order of their names."""
    return sorted((pack / FOLDER).glob("*.yml"))


def read_files(
    files: Iterable[tuple[Path, str]], pack: Pack, base: Setting | None = None
) -> tuple[Case, ...]:
    """The cases of files, each with the name that findings show. Raises PackError.

    `base` is where a case begins that says nothing else.
    """
    cases: list[Case] = []
    findings: list[Finding] = []
    for path, shown in files:
        try:
            cases += _file(read(path, shown), pack, base or standard(pack))
        except Unreadable as error:
            findings.append(error.finding)
        except PackError as error:
            findings += error.findings
    findings += _twice(cases)
    if findings:
        raise PackError(tuple(sorted(set(findings))))
    return tuple(cases)


def read_text(text: str, shown: str, pack: Pack, base: Setting | None = None) -> tuple[Case, ...]:
    """The cases of one file's text. Raises PackError."""
    try:
        cases = _file(parse(text, shown), pack, base or standard(pack))
    except Unreadable as error:
        raise PackError((error.finding,)) from None
    twice = _twice(cases)
    if twice:
        raise PackError(tuple(twice))
    return tuple(cases)


def _twice(cases: Sequence[Case]) -> list[Finding]:
    seen: dict[str, Case] = {}
    found = []
    for case in cases:
        if case.name in seen:
            first = seen[case.name].place
            reason = f"{case.name!r} is the name of a case at {first.file}:{first.line} too"
            found.append(case.place.finding("case-twice", reason, "rename one"))
        seen.setdefault(case.name, case)
    return found


def _file(entry: Entry, pack: Pack, base: Setting) -> list[Case]:
    reader = Reader()
    try:
        cases = _cases(reader, entry, pack, base)
    except TooManyFindings:
        cases = []
    if reader.findings:
        raise PackError(tuple(reader.findings))
    return cases


def _cases(reader: Reader, entry: Entry, pack: Pack, base: Setting) -> list[Case]:
    keys = reader.keys(entry, FILE)
    file = _File(reader, pack, base, keys)
    items = reader.items(keys.get("test_cases"))
    if len(items) > MAX_CASES:
        reader.report(entry.place, "file-size", f"over {MAX_CASES} cases", "split the file")
        items = []
    return [file.case(item) for item in items]


class _File:
    """What the cases of a file share: fixtures, metadata and stubs by their names."""

    def __init__(
        self, reader: Reader, pack: Pack, base: Setting, keys: Mapping[str, Entry]
    ) -> None:
        self.reader = reader
        self.pack = pack
        self.base = base
        self.metadata = self._named(keys.get("metadata"))
        self.fixtures = self._named(keys.get("fixtures"))
        self.stubs = self._stubs(keys.get("stub_custom_actions"))
        for name, entry in self.metadata.items():
            read_setting(reader, entry, base)
            if not name:
                reader.report(entry.place, "shape", "an empty name", "name it")

    def _named(self, entry: Entry | None) -> dict[str, Entry]:
        """A mapping, or as Rasa writes it, a list of mappings with one key each."""
        if entry is None:
            return {}
        if isinstance(entry.value, dict):
            return dict(entry.value)
        found: dict[str, Entry] = {}
        for item in self.reader.items(entry):
            for name, value in self.reader.mapping(item).items():
                if name in found:
                    self.reader.report(value.place, "twice", f"{name} stands twice", "rename one")
                found[name] = value
        return found

    def _stubs(self, entry: Entry | None) -> dict[str, tuple[tuple[str, Value], ...]]:
        """Actions, and the slots that each sets in place of what it would do."""
        if entry is None:
            return {}
        found = {}
        for name, stub in self.reader.mapping(entry, ACTIONS).items():
            keys = self.reader.keys(stub, STUB)
            pairs: list[tuple[str, Value]] = []
            for slot, value in self._slots(keys.get("slots"), self.base).items():
                if isinstance(value, timedelta):
                    mend = "write a date, such as 2026-11-27"
                    self.reader.report(stub.place, "day", f"{slot} needs a fixed day", mend)
                else:
                    pairs.append((slot, value))
            found[name] = tuple(pairs)
        return found

    def _slots(self, entry: Entry | None, setting: Setting) -> dict[str, Written]:
        if entry is None:
            return {}
        items = entry.value if isinstance(entry.value, list) else [entry]
        found: dict[str, Written] = {}
        for item in items:
            for name, value in self.reader.mapping(item).items():
                named(self.reader, Entry(name, value.place), self.pack.slots, "slot")
                slot = self.pack.slots.get(name)
                if slot is not None:
                    found[name] = slot_value(self.reader, value, slot, setting.currency)
        return found

    def case(self, entry: Entry) -> Case:
        keys = self.reader.keys(entry, CASE)
        setting = self.setting(keys.get("metadata"))
        slots: dict[str, Written] = {}
        for item in self.reader.items(keys.get("fixtures")):
            name = named(self.reader, item, self.fixtures, "fixture")
            slots |= self._slots(self.fixtures.get(name), setting)
        script = Script(self.reader, self.pack, setting)
        name = self.reader.text(keys.get("test_case"))
        place = keys["test_case"].place if "test_case" in keys else entry.place
        if "test_case" in keys and not name.strip():
            self.reader.report(place, "shape", "a case needs a name", "say what it shows")
        steps = read_steps(script, keys.get("steps"))
        return Case(name, place, setting, slots, self.stubs, steps)

    def setting(self, entry: Entry | None) -> Setting:
        """By name, or written out in the case."""
        if entry is None:
            return self.base
        if isinstance(entry.value, dict):
            return read_setting(self.reader, entry, self.base)
        name = named(self.reader, entry, self.metadata, "metadata")
        found = self.metadata.get(name)
        if found is None:
            return self.base
        quiet = Reader()  # its findings were told where the metadata stands
        return read_setting(quiet, found, self.base)
