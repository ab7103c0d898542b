"""The pack that is changed: its trees, its steps' ids, and which of its lines are compliance's."""

from dataclasses import dataclass

from dialogs.loader import Examined
from dialogs.loading.flows import read_flows
from dialogs.loading.reading import Reader
from dialogs.loading.source import Place
from dialogs.mutation.mutant import Theme
from dialogs.mutation.spots import Spot, Trees, top
from dialogs.names import FACTS, VERIFIED
from dialogs.pack import CONDITION_TYPES, LOCKED, Pack, Utter

HEAD, SLOTS, PATTERNS, FLOWS, RESPONSES = (
    "pack.yml", "slots.yml", "patterns.yml", "flows/", "responses/",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """`steps` are the ids by the place of the key that names a step's kind. `guarded` are the
    responses whose words the law or a life may hang on; `joined` those that are said with others
    and not told by name: closing lines and the usual subject.
    """

    pack: Pack
    trees: Trees
    steps: dict[Place, str]
    guarded: frozenset[str]
    joined: frozenset[str]

    def flows(self) -> dict[str, Spot]:
        found: dict[str, Spot] = {}
        for file in self.trees:
            flows = top(self.trees, file).get("flows") if _has_flows(file) else None
            found |= flows.keys() if flows else {}
        return found

    def responses(self) -> list[tuple[str, str, Spot]]:
        """Locale, name and place of each."""
        return [
            (file[len(RESPONSES) : -len(".yml")], name, spot)
            for file in self.trees
            if file.startswith(RESPONSES) and (texts := top(self.trees, file).get("responses"))
            for name, spot in texts.keys().items()
        ]

    def theme_of_flow(self, flow: str, condition: str = "") -> Theme:
        """Of a change to a flow, or to one of its conditions."""
        grave = flow in LOCKED or VERIFIED in condition
        return Theme.COMPLIANCE if grave else Theme.FLOW


def source(examined: Examined) -> Source:
    """Of a pack that loads."""
    pack = examined.pack
    if pack is None:
        raise ValueError("a pack that does not load can't be changed")
    closings = _closings(pack)
    return Source(
        pack,
        examined.trees,
        _steps(pack, examined.trees),
        _locked(pack) | closings,
        closings | {pack.settings.email_subject},
    )


def _has_flows(file: str) -> bool:
    return file == PATTERNS or file.startswith(FLOWS)


def _steps(pack: Pack, trees: Trees) -> dict[Place, str]:
    names = {name: fact.type for name, fact in FACTS.items()}
    names |= {f"slots.{name}": CONDITION_TYPES[slot.type] for name, slot in pack.slots.items()}
    return {
        place: step.id
        for file, tree in trees.items()
        if _has_flows(file)
        for read in read_flows(Reader(names=names), tree, pack.slots).values()
        for step, place in zip(read.flow.steps, read.steps, strict=True)
    }


def _locked(pack: Pack) -> frozenset[str]:
    return frozenset(
        step.deed.response
        for name in LOCKED
        for step in pack.flows[name].steps
        if isinstance(step.deed, Utter)
    )


def _closings(pack: Pack) -> frozenset[str]:
    own = {
        variation.closing
        for texts in pack.responses.values()
        for variations in texts.values()
        for variation in variations
    }
    return frozenset(filter(None, {*own, *pack.settings.closings}))
