"""The loop of sequences: schedules that came due, accounts to look at, steps to take."""

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog

from dialogs.findings import PackError
from gateway.clock import SECOND
from gateway.directory import Directory
from gateway.pipeline.dialogue import Dialogues
from gateway.sequences.markers import work_off
from gateway.sequences.running import take_due
from gateway.sequences.schedules import mark_due
from gateway.storage import Store

log = structlog.get_logger()

LOOK = 30 * SECOND
"""How often schedules are looked at."""


@dataclass(slots=True)
class Sequences:
    """Any number of processes may run it: rows are taken under locks that others pass over."""

    store: Store
    directory: Directory
    dialogues: Dialogues
    looked_at: int = 0

    async def run(self) -> int:
        """One step of each kind; how much there was to do."""
        await self._schedules()
        directory, dialogues = self.directory, self.dialogues
        marked: int = await self.store.transact(
            "sequence-starts", lambda tx: work_off(tx, directory, dialogues)
        )
        taken: int = await self.store.transact(
            "sequence-steps", lambda tx: take_due(tx, directory, dialogues)
        )
        await dialogues.fetch(self.store)
        return marked + taken

    async def _schedules(self) -> None:
        now = self.store.clock()
        if abs(now - self.looked_at) < LOOK:  # a clock that was put back must not stop them
            return
        self.looked_at = now
        for config in self.directory.clients:
            if not config.sequences:
                continue
            try:
                pack = await asyncio.to_thread(self.dialogues.pack, config)
            except PackError:
                log.exception("sequences.pack_unusable", client=config.client)
                continue
            work = partial(mark_due, config=config, pack=pack)
            await self.store.transact("sequence-schedules", work)
