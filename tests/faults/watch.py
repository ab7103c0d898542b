"""Which conversations a process has in a turn, and from when to when, as it says itself."""

import asyncio
import os
import random
import time
from pathlib import Path
from typing import Any

from gateway.storage import Store, Transaction
from gateway.storage.store import Work
from tests.standins.log import Log

SLOWER = 0.02  # seconds; turns are drawn out, so that two would meet if they could


class WatchedStore:
    """Logs {pid, conversation, begin, end} of each turn on PostgreSQL, on the machine's clock.

    It begins when the locks are held and ends before the commit that lets go of them.
    """

    def __init__(self, inner: Store, path: Path) -> None:
        self._inner = inner
        self._log = Log(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def transact(self, name: str, work: Work) -> Any:
        return await self._inner.transact(name, self._watched(work) if name == "turn" else work)

    def _watched(self, work: Work) -> Work:
        async def whole(tx: Transaction) -> Any:
            fetch, claimed, begin = tx.fetch, None, 0.0

            async def first(statement: Any, /, **params: Any) -> list[Any]:
                nonlocal claimed, begin
                rows = await fetch(statement, **params)
                if claimed is None:
                    claimed, begin = [row.id for row in rows], time.monotonic()
                    await asyncio.sleep(random.random() * SLOWER if rows else 0)
                return rows

            tx.fetch = first  # type: ignore[method-assign]
            result = await work(tx)
            await tx.finish()
            end = time.monotonic()
            for one in claimed or ():
                self._log.add({"pid": os.getpid(), "conversation": one, "begin": begin, "end": end})
            return result

        return whole
