"""Loads dialog packs: all findings at once, or a pack that is ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogs.findings import Finding, PackError
from dialogs.loading.coherence import check
from dialogs.loading.flows import ReadFlow, read_flows
from dialogs.loading.reading import Reader
from dialogs.loading.responses import read_responses
from dialogs.loading.slots import declare, read_slots
from dialogs.loading.source import Entry, Place, Unreadable, read
from dialogs.names import FACTS
from dialogs.pack import Flow, Pack, Settings
from domain.messages import Category

SHIPPED = Path(__file__).parent / "packs"
MAX_FILES = 200
_PACK_KEYS = (
    "name", "version", "default_locale", "jurisdictions", "author", "description", "facts",
    "metadata",
)  # fmt: skip
_SETTING_KEYS = (
    "email_subject", "closing", "no_reply_hours", "nudges", "max_tries", "complaint_days",
    "max_segments",
)  # fmt: skip
_NEEDED = ("name", "version", "default_locale", "jurisdictions", "metadata")


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


def examine(path: Path) -> Examined:
    """Reads the folder of a pack once; `pack` is None where there are findings."""
    reader = Reader(names={name: fact.type for name, fact in FACTS.items()})
    loading = _Loading(reader, path)
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
    def __init__(self, reader: Reader, path: Path) -> None:
        self.reader = reader
        self.path = path
        self.trees: dict[str, Entry] = {}

    def read(self, file: Path) -> Entry | None:
        name = file.relative_to(self.path).as_posix()
        try:
            self.trees[name] = read(file, name)
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
            return None
        reader = self.reader
        keys = reader.mapping(head, _PACK_KEYS, _NEEDED)
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
        plain = {name: found.flow for name, found in flows.items()}
        return Pack(
            name=reader.text(keys.get("name")),
            version=reader.text(keys.get("version")),
            locale=locale,
            jurisdictions=reader.texts(keys.get("jurisdictions")),
            author=reader.text(keys.get("author")),
            settings=settings,
            slots=slots,
            flows=plain,
            responses=responses,
            by_intent=self.by_intent(plain),
            by_event=self.by_event(flows),
            facts=facts,
        )

    def settings(self, entry: Entry | None, place: Place) -> Settings:
        reader = self.reader
        metadata = reader.mapping(entry or Entry(None, place))
        gateway = metadata.get("gateway", Entry(None, place))
        keys = reader.mapping(gateway, _SETTING_KEYS, ("email_subject",))
        closing = reader.mapping(
            keys.get("closing", Entry(None, place)), ("response", "categories")
        )
        return Settings(
            email_subject=reader.text(keys.get("email_subject")),
            closing=reader.text(closing.get("response")) or None,
            closing_on=self.categories(closing.get("categories")),
            no_reply_hours=reader.whole(keys.get("no_reply_hours"), 24, 1, 24 * 30),
            nudges=reader.whole(keys.get("nudges"), 1, 0, 5),
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
