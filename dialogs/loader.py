"""Loads dialog packs: all findings at once, or a pack that is ready to run."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dialogs.findings import Finding, PackError
from dialogs.loading.coherence import check
from dialogs.loading.flows import ReadFlow, read_flows, with_called
from dialogs.loading.ladder import NO_REPLY, read_ladder
from dialogs.loading.nlu import check_nlu
from dialogs.loading.reading import Reader, TooManyFindings
from dialogs.loading.responses import Responses, read_responses
from dialogs.loading.sequences import Read as ReadSequences
from dialogs.loading.sequences import read_sequences
from dialogs.loading.slots import declare, read_slots
from dialogs.loading.source import Budget, Entry, Place, Unreadable, read
from dialogs.names import FACTS
from dialogs.pack import Flow, Pack, Settings
from dialogs.shapes import CLOSING, PACK, SETTINGS
from domain.messages import Category

SHIPPED = Path(__file__).parent / "packs"
MAX_FILES = 200
MAX_FLOWS = 300


def load_shipped(name: str) -> Pack:
    """One of the packs that come with the gateway, such as "collections-us". Raises PackError."""
    known = sorted(path.name for path in SHIPPED.iterdir() if path.is_dir())
    if name not in known:
        mend = "one of " + ", ".join(known)
        raise PackError((Finding(name, 1, 1, "pack", f"no shipped pack {name}", mend),))
    return load_pack(SHIPPED / name)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a folder holds: a pack, or what is wrong with it; and its files as trees."""

    pack: Pack | None
    findings: tuple[Finding, ...]
    trees: Mapping[str, Entry]


def examine(path: Path, changed: Mapping[str, Entry] | None = None) -> Examined:
    """Reads the folder of a pack once; `pack` is None where there are findings.

    Files that stand in `changed` are taken from there and not read.
    """
    reader = Reader(names={name: fact.type for name, fact in FACTS.items()})
    loading = _Loading(reader, path, changed or {})
    pack = None
    with suppress(TooManyFindings):
        pack = loading.load()
    findings = tuple(sorted(set(reader.findings)))
    return Examined(None if findings else pack, findings, loading.trees)


def load_pack(path: Path) -> Pack:
    """The pack in a folder. Raises PackError with everything that is wrong with it."""
    examined = examine(path)
    if examined.pack is None:
        raise PackError(examined.findings)
    return examined.pack


class _Loading:
    def __init__(self, reader: Reader, path: Path, changed: Mapping[str, Entry]) -> None:
        self.reader = reader
        self.path = path
        self.changed = changed
        self.trees: dict[str, Entry] = {}
        self.budget = Budget()

    def read(self, file: Path) -> Entry | None:
        name = file.relative_to(self.path).as_posix()
        try:
            tree = self.changed.get(name) or read(file, name, self.budget, self.path)
            self.trees[name] = tree
        except Unreadable as error:
            self.reader.findings.append(error.finding)
            return None
        return self.trees[name]

    def files(self, folder: str) -> list[tuple[str, Entry]]:
        paths = sorted((self.path / folder).glob("*.yml"))
        start = Place(folder, 1, 1)
        if not paths:
            self.reader.report(start, "file-missing", f"no *.yml in {folder}/", "add one")
        if len(paths) > MAX_FILES:
            self.reader.report(start, "file-size", "too many files", f"at most {MAX_FILES}")
        found = [(path.stem, self.read(path)) for path in paths[:MAX_FILES]]
        return [(name, entry) for name, entry in found if entry is not None]

    def load(self) -> Pack | None:
        head, slots_entry = self.read(self.path / "pack.yml"), self.read(self.path / "slots.yml")
        patterns = self.read(self.path / "patterns.yml")
        if head is None or slots_entry is None or patterns is None:
            for folder in ("flows", "responses"):
                self.files(folder)  # what is no YAML there is told at once
            return None
        reader = self.reader
        keys = reader.keys(head, PACK)
        settings = self.settings(keys.get("metadata"), head.place)
        facts = frozenset(reader.texts(keys.get("facts")))
        declare(reader, slots_entry)
        slots = read_slots(reader, slots_entry)
        flows: dict[str, ReadFlow] = {}
        for _, entry in [("patterns", patterns), *self.files("flows")]:
            for name, flow in read_flows(reader, entry, slots).items():
                if name in flows:
                    reader.report(flow.place, "flow-twice", f"{name} stands twice", "rename one")
                flows[name] = flow
        if len(flows) > MAX_FLOWS:
            reader.report(head.place, "file-size", "too many flows", f"at most {MAX_FLOWS}")
            return None
        variables = frozenset(slots) | facts
        responses = {
            locale: read_responses(reader, entry, variables)
            for locale, entry in self.files("responses")
        }
        locale = reader.text(keys.get("default_locale"))
        if locale not in responses:
            mend = f"add responses/{locale}.yml"
            reader.report(head.place, "file-missing", f"no texts in {locale}", mend)
        check(reader, flows, responses, slots, settings, head.place)
        self.nlu()
        plain = with_called(flows)
        outreach = self.sequences(plain, responses)
        return Pack(
            name=reader.text(keys.get("name")),
            version=reader.text(keys.get("version")),
            locale=locale,
            jurisdictions=reader.texts(keys.get("jurisdictions")),
            author=reader.text(keys.get("author")),
            settings=settings,
            slots=slots,
            flows=plain,
            responses={
                locale: {name: found.variations for name, found in texts.items()}
                for locale, texts in responses.items()
            },
            by_intent=self.by_intent(plain),
            by_event=self.by_event(flows),
            facts=facts,
            sequences=outreach.sequences,
            experiments=outreach.experiments,
        )

    def sequences(self, flows: Mapping[str, Flow], responses: Responses) -> ReadSequences:
        """Outreach over days is optional."""
        path = self.path / "sequences.yml"
        entry = self.read(path) if path.exists() else None
        if entry is None:
            return ReadSequences({}, {})
        return read_sequences(self.reader, entry, flows, responses)

    def nlu(self) -> None:
        """Examples are optional: the model of the gateway understands without any."""
        if (self.path / "nlu").is_dir():
            for _, entry in self.files("nlu"):
                check_nlu(self.reader, entry)

    def settings(self, entry: Entry | None, place: Place) -> Settings:
        reader = self.reader
        metadata = reader.mapping(entry or Entry(None, place))
        gateway = metadata.get("gateway", Entry(None, place))
        keys = reader.keys(gateway, SETTINGS)
        closing = reader.keys(keys["closing"], CLOSING) if "closing" in keys else {}
        return Settings(
            email_subject=reader.text(keys.get("email_subject")),
            closing=reader.text(closing.get("response")) or None,
            closing_first=reader.text(closing.get("first")) or None,
            closing_others=reader.text(closing.get("others")) or None,
            closing_on=self.categories(closing.get("categories")),
            no_reply=read_ladder(reader, keys["no_reply"]) if "no_reply" in keys else NO_REPLY,
            max_tries=reader.whole(keys.get("max_tries"), 3, 1, 10),
            complaint_days=reader.whole(keys.get("complaint_days"), 30, 1, 365),
            max_segments=reader.whole(keys.get("max_segments"), 2, 1, 10),
        )

    def categories(self, entry: Entry | None) -> frozenset[str]:
        """Those that a closing line may follow; confirmations and crisis texts stand alone."""
        known = (Category.REPLY.value, Category.OUTREACH.value, Category.HELP.value)
        return frozenset(
            self.reader.choice(item, known, Category.REPLY) for item in self.reader.items(entry)
        )

    def by_intent(self, flows: Mapping[str, Flow]) -> dict[str, tuple[tuple[Flow, float], ...]]:
        found: dict[str, tuple[tuple[Flow, float], ...]] = {}
        for flow in flows.values():
            for trigger in flow.triggers:
                found[trigger.intent] = (
                    *found.get(trigger.intent, ()), (flow, trigger.threshold)
                )  # fmt: skip
        return found

    def by_event(self, flows: Mapping[str, ReadFlow]) -> dict[str, Flow]:
        found: dict[str, Flow] = {}
        for read_flow in flows.values():
            on = read_flow.flow.on
            if on is not None and on in found:
                self.reader.report(
                    read_flow.place, "event-twice", f"two flows for {on}", "keep one"
                )
            elif on is not None:
                found[on] = read_flow.flow
        return found
