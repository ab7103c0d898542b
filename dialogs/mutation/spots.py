"""Values in a pack's files, and changes to them: trees stay as they are, changed ones are new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialogs.loading.source import Entry, Place, Tree

Path = tuple[str | int, ...]
Trees = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands at `path` of a file becomes `entry`; None takes it out. A key may be new."""

    file: str
    path: Path
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in a file, and the way to it from the top."""

    file: str
    path: Path
    entry: Entry

    @property
    def value(self) -> Tree:
        return self.entry.value

    @property
    def place(self) -> Place:
        return self.entry.place

    @property
    def words(self) -> str:
        """The text that stands here; empty where it is none."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, *keys: str) -> "Spot | None":
        """What stands under keys; None where nothing does."""
        spot = self
        for key in keys:
            if not isinstance(spot.value, dict) or key not in spot.value:
                return None
            spot = Spot(spot.file, (*spot.path, key), spot.value[key])
        return spot

    def items(self) -> list["Spot"]:
        """Those of a list; empty where it is none."""
        if not isinstance(self.value, list):
            return []
        return [
            Spot(self.file, (*self.path, at), entry)
            for at, entry in enumerate(self.value)
        ]  # fmt: skip

    def keys(self) -> dict[str, "Spot"]:
        """Those of a mapping; empty where it is none."""
        if not isinstance(self.value, dict):
            return {}
        return {
            key: Spot(self.file, (*self.path, key), entry)
            for key, entry in self.value.items()
        }  # fmt: skip

    def list(self, *keys: str) -> list["Spot"]:
        """The items under keys."""
        spot = self.get(*keys)
        return spot.items() if spot else []

    def out(self) -> Edit:
        return Edit(self.file, self.path, None)

    def becomes(self, value: Tree) -> Edit:
        return Edit(self.file, self.path, Entry(value, self.place))

    def put(self, key: str, value: Tree) -> Edit:
        """A key of a mapping with another value; it may be new."""
        return Edit(self.file, (*self.path, key), Entry(value, self.place))


def top(trees: Trees, file: str) -> Spot:
    return Spot(file, (), trees[file])


def changed(trees: Trees, edits: Iterable[Edit]) -> Trees:
    """The trees with the edits made, one after the other."""
    found = dict(trees)
    for edit in edits:
        tree = _with(found[edit.file], edit.path, edit.entry)
        found[edit.file] = tree or Entry(None, found[edit.file].place)
    return found


def _with(entry: Entry, path: Path, new: Entry | None) -> Entry | None:
    if not path:
        return new
    key, rest = path[0], path[1:]
    match entry.value, key:
        case dict() as keys, str():
            below = _with(keys[key], rest, new) if rest else new
            left = {name: value for name, value in keys.items() if name != key}
            if below is None:
                return Entry(left, entry.place)
            return Entry({**keys, key: below}, entry.place)
        case list() as items, int():
            below = _with(items[key], rest, new)
            middle = [] if below is None else [below]
            return Entry([*items[:key], *middle, *items[key + 1 :]], entry.place)
    raise KeyError(key)
