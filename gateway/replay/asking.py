"""What a person asks to be replayed, and the answer."""

from collections import Counter
from typing import Any

from msgspec import Struct

from dialogs.pack import Pack
from dialogs.scripts.beat import Turned
from dialogs.scripts.coverage import passed
from dialogs.scripts.rehearsal import Item
from gateway.packs.look_up import Found, find
from gateway.replay.conversation import Window
from gateway.replay.moments import moment_of
from gateway.replay.reading import reader
from gateway.replay.result import Result
from gateway.replay.run import Progress, replay
from gateway.replay.shape import Heading, shape
from gateway.storage import Store
from gateway.storage.clients import versions_in_force


class Unasked(ValueError):
    """What was asked can't be; the message names what to write instead."""


class Asked(Struct, frozen=True):
    """Packs as `gateway.packs.look_up.find` takes them, moments as people write them."""

    draft: str
    against: str | None = None
    client: str | None = None
    since: str = "30d"
    until: str | None = None
    limit: int | None = None
    read_anew: bool = False
    samples: int = 20


class Replayed(Struct, frozen=True):
    """`shape` is what JSON holds."""

    result: Result
    shape: dict[str, Any]


def _nobody(_done: int, _all: int | None) -> None:
    """Nobody watches."""


async def ask(store: Store, asked: Asked, progress: Progress = _nobody) -> Replayed:
    """Raises Unasked, PackError, ConfigurationError, StoreError."""
    window = window_of(asked, store.clock())
    await _known_client(store, asked.client)
    draft = await find(store, asked.draft)
    against = None if asked.against is None else await find(store, asked.against)
    result = await replay(
        store,
        draft.pack,
        window,
        against=None if against is None else against.pack,
        client=asked.client,
        limit=asked.limit,
        understand=await reader(store, asked.draft, draft) if asked.read_anew else None,
        progress=progress,
    )
    first = against.name if against else "the pack that each conversation ran on"
    heading = Heading(
        first, draft.name, window, asked.client, "draft" if asked.read_anew else "stored"
    )
    return Replayed(result, shape(result, heading, asked.samples))


async def traffic(
    store: Store, found: Found, since: str, client: str | None, progress: Progress = _nobody
) -> dict[str, int]:
    """How often each step and branch of a pack is taken by what happened since, by the names that
    diagrams take: each conversation counts up to the first message that it did not have. Raises
    like `ask`."""
    asked = Asked(found.name, client=client, since=since)
    window = window_of(asked, store.clock())
    await _known_client(store, client)
    counts: Counter[str] = Counter()

    def count(pack: Pack, turned: Turned) -> None:
        counts.update(filter(None, map(_name, passed(pack, turned))))

    result = Result(passed=count)
    await replay(store, found.pack, window, client=client, result=result, progress=progress)
    return dict(counts)


def _name(item: Item) -> str | None:
    match item.kind:
        case "step":
            return f"{item.flow}/{item.step}"
        case "edge":
            return f"{item.flow}/{item.step}/{item.at}"
    return None


def window_of(asked: Asked, now: int) -> Window:
    """Raises Unasked."""
    try:
        window = Window(
            moment_of(asked.since, now), moment_of(asked.until, now) if asked.until else now + 1
        )
    except ValueError as error:
        raise Unasked(str(error)) from None
    if window.since >= window.until:
        raise Unasked(f"nothing is since {asked.since} and until {asked.until or 'now'}")
    return window


async def _known_client(store: Store, client: str | None) -> None:
    known = sorted(await store.read(versions_in_force))
    if client is not None and client not in known:
        raise Unasked(f"there is no client {client!r}; there are: {', '.join(known) or 'none'}")
