"""Where in its files each part of a pack stands; made for packs that load."""

from collections.abc import Iterator, Mapping

from dialogs.loading.source import Entry, Place

PACK_FILE = "pack.yml"
_START = Place(PACK_FILE, 1, 1)
_KINDS = ("collect", "action", "set_slots", "call", "link", "noop")


def at(entry: Entry | None, *path: str | int) -> Entry | None:
    """What stands under keys and numbers; None where nothing does."""
    for key in path:
        if entry is None:
            return None
        match entry.value, key:
            case dict() as keys, str():
                entry = keys.get(key)
            case list() as items, int() if key < len(items):
                entry = items[key]
            case _:
                return None
    return entry


def keys(entry: Entry | None) -> Mapping[str, Entry]:
    return entry.value if entry is not None and isinstance(entry.value, dict) else {}


def items(entry: Entry | None) -> list[Entry]:
    return entry.value if entry is not None and isinstance(entry.value, list) else []


class Places:
    """Each question gives the nearest place that is known; the trees are walked once.

    `words` are all texts that stand as values, such as the name of a response where it is said.
    """

    def __init__(self, trees: Mapping[str, Entry]) -> None:
        self._trees = trees
        self._flows: dict[str, Entry] = {}
        self._steps: dict[str, list[Entry]] = {}
        for name, tree in trees.items():
            if name == "patterns.yml" or name.startswith("flows/"):
                self._flows |= keys(at(tree, "flows"))
        self.words = frozenset(word for tree in trees.values() for word in _words(tree))
        for name, entry in self._flows.items():
            self._steps[name] = list(_walk(at(entry, "steps")))

    def head(self, *path: str) -> Place:
        """A key of pack.yml, or the nearest one above it."""
        found = self._trees.get(PACK_FILE)
        for end in range(len(path), 0, -1):
            entry = at(found, *path[:end])
            if entry is not None:
                return entry.place
        return _START

    def flow(self, name: str, *path: str | int) -> Place:
        entry = self._flows.get(name)
        return _place(at(entry, *path) or entry)

    def step(self, flow: str, number: int) -> Place:
        """The key that names the step's kind."""
        entry = self._step(flow, number)
        kind = next((key for key in _KINDS if key in keys(entry)), "")
        return _place(at(entry, kind) or entry or self._flows.get(flow))

    def branch(self, flow: str, number: int, branch: int) -> Place:
        entry = at(self._step(flow, number), "next", branch)
        if entry is None:
            return self.step(flow, number)
        return _place(at(entry, "if") or at(entry, "else") or entry)

    def rejection(self, flow: str, number: int, rejection: int) -> Place:
        """Rejections of the step come after those of its slot."""
        entry = at(self._step(flow, number), "rejections", rejection, "if")
        return self.step(flow, number) if entry is None else entry.place

    def slot(self, name: str, *path: str | int) -> Place:
        entry = at(self._trees.get("slots.yml"), "slots", name)
        return _place(at(entry, *path) or entry)

    def response(self, locale: str, name: str) -> Place:
        return _place(self._response(locale, name) or self._trees.get(f"responses/{locale}.yml"))

    def variation(self, locale: str, name: str, number: int, *path: str | int) -> Place:
        entry = at(self._response(locale, name), number)
        return _place(at(entry, *path) or entry)

    def allowed(self, locale: str, name: str, number: int) -> int | None:
        """The segments that a variation's own metadata allow it."""
        own = ("metadata", "gateway", "segments")
        entry = at(self._response(locale, name), number, *own)
        value = None if entry is None else entry.value
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _step(self, flow: str, number: int) -> Entry | None:
        steps = self._steps.get(flow, [])
        return steps[number] if number < len(steps) else None

    def _response(self, locale: str, name: str) -> Entry | None:
        return at(self._trees.get(f"responses/{locale}.yml"), "responses", name)


def _place(entry: Entry | None) -> Place:
    return _START if entry is None else entry.place


def _words(entry: Entry) -> Iterator[str]:
    match entry.value:
        case str() as word:
            yield word
        case dict() as found:
            for each in found.values():
                yield from _words(each)
        case list() as several:
            for each in several:
                yield from _words(each)


def _walk(steps: Entry | None) -> Iterator[Entry]:
    """A flow's steps as the loader lays them out: each before the steps under its branches."""
    for step in items(steps):
        yield step
        for branch in items(at(step, "next")):
            yield from _walk(at(branch, "then") or at(branch, "else"))
