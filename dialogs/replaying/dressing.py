"""A pack in the place of another: under its name, and with a conversation that the other began."""

from dataclasses import replace

from msgspec import structs

from dialogs.newest import fits
from dialogs.pack import Pack
from dialogs.scripts.rehearsal import Rehearsal, rehearse
from dialogs.state import Kept, State, initial, recall


def dressed(pack: Pack, name: str, version: str) -> Rehearsal:
    """The pack under another's name and version: variations are drawn by lot of the version, and
    a state of another version is a stranger's. So what differs comes from what is written alone.
    """
    return rehearse(replace(pack, name=name, version=version))


def under(state: State, model: State) -> State:
    """The state under the name and version of another."""
    if (state.pack, state.pack_version) == (model.pack, model.pack_version):
        return state
    return structs.replace(state, pack=model.pack, pack_version=model.pack_version)


def adopted(state: State, old: Pack, pack: Pack) -> State | None:
    """A conversation of `old` as `pack` goes on with it; None where it stands at a flow, a step or
    a question that `pack` does not have."""
    for frame in state.stack:
        flow = pack.flows.get(frame.flow)
        if flow is None or frame.step not in flow.index:
            return None
    if state.question is not None and state.question.slot not in pack.slots:
        return None
    slots = _slots(state, old, pack)
    secrets = tuple(name for name in state.secrets if name in slots)
    return structs.replace(state, slots=slots, secrets=secrets)


def _slots(state: State, old: Pack, pack: Pack) -> dict[str, Kept]:
    """Those that it may hold, and the first values of those that are new."""
    kept = {
        name: value
        for name, value in state.slots.items()
        if name in pack.slots and fits(pack.slots[name], recall(value))
    }
    new = {name: value for name, value in initial(pack).items() if name not in old.slots}
    return {**new, **kept}
