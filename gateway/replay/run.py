"""Stored conversations, followed one after another in batches."""

from collections.abc import Callable
from time import perf_counter

import msgspec

from dialogs.findings import PackError
from dialogs.pack import Pack
from gateway.replay.conversation import Conversation, Sources, Understand, Wardrobe, Window
from gateway.replay.history import Configs, PastDialogues, PastLibrary
from gateway.replay.result import Result
from gateway.replay.rows import Record, records, sweep
from gateway.storage import Store

BATCH = 250
"""Conversations whose rows are in memory at once."""

Progress = Callable[[int, int | None], None]
"""Hears how many are done, and of how many; None while that is still being found out."""


async def replay(
    store: Store,
    draft: Pack,
    window: Window,
    *,
    against: Pack | None = None,
    client: str | None = None,
    limit: int | None = None,
    understand: Understand | None = None,
    result: Result | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Result:
    """What differs between the pack that each conversation ran on, or `against`, and `draft`.

    Nothing is written. Raises StoreError.
    """
    started = perf_counter()
    result = result or Result()
    sources = Sources(
        store,
        await Configs.read(store),
        PastDialogues(await PastLibrary.read(store)),
        Wardrobe(draft),
        Wardrobe(against) if against is not None else None,
        understand,
    )
    index = await sweep(store, window.since, window.until, client, lambda n: progress(n, None))
    chosen = index.chosen(limit)
    done = 0
    for ids in _batches(chosen):
        for record in await records(store, index, ids):
            await _follow(record, sources, window, result)
        done += len(ids)
        progress(done, len(chosen))
    result.seconds = perf_counter() - started
    return result


def _batches(ids: list[str]) -> list[list[str]]:
    return [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]


async def _follow(record: Record, sources: Sources, window: Window, result: Result) -> None:
    try:
        await Conversation(record, sources, window, result).follow()
    except (PackError, LookupError, ValueError, TypeError, msgspec.MsgspecError) as error:
        # One that can't be rebuilt is counted, and keeps the others from nothing.
        result.failed[f"{type(error).__name__}: its record or its dialogs can't be read"] += 1
