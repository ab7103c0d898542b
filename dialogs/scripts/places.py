"""Where the steps of a pack's flows stand in its files."""

from pathlib import Path

from dialogs.loading.flows import read_flows
from dialogs.loading.reading import Reader
from dialogs.loading.source import Place, read
from dialogs.names import FACTS
from dialogs.pack import CONDITION_TYPES, Pack
from dialogs.scripts.rehearsal import Item

Places = dict[tuple[str, str], Place]
"""By flow and step; a flow itself has the step ""."""


def places_of(folder: Path, pack: Pack) -> Places:
    """Of a pack that has been loaded from this folder."""
    names = {name: fact.type for name, fact in FACTS.items()}
    names |= {f"slots.{name}": CONDITION_TYPES[slot.type] for name, slot in pack.slots.items()}
    found: Places = {}
    for file in (folder / "patterns.yml", *sorted((folder / "flows").glob("*.yml"))):
        entry = read(file, file.relative_to(folder).as_posix())
        for name, flow in read_flows(Reader(names=names), entry, pack.slots).items():
            found[name, ""] = flow.place
            found |= {
                (name, step.id): place
                for step, place in zip(flow.flow.steps, flow.steps, strict=True)
            }
    return found


def place_of(item: Item, places: Places) -> str:
    """file:line:column of a step, or of its flow for what belongs to no step."""
    place = places.get((item.flow, item.step)) or places.get((item.flow, ""))
    return f"{place.file}:{place.line}:{place.column}" if place else item.flow
