"""Takes the steps that are due: each becomes a campaign event of its conversation, once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, func, select, text, union_all

from dialogs.findings import PackError
from dialogs.sequences import (
    Finish,
    Later,
    Progress,
    Send,
    Situation,
    Skip,
    Stop,
    decide,
    due_at,
)
from dialogs.sequences import Sequence as Series
from domain.ids import derive
from gateway.clients import ClientConfig
from gateway.clock import SECOND, instant, moment
from gateway.directory import Directory
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.homes import open_conversation
from gateway.senders.pools import assigned
from gateway.sequences.book import of_run
from gateway.sequences.situations import Situations
from gateway.sequences.stopping import FINISHED, event, stop_runs
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import inbox, outbound, sequence_runs

log = structlog.get_logger()

BATCH = 100
SETTLE = 600 * SECOND
"""So much later we look again whether a step's message is still on its way."""

_DUE = (
    select(sequence_runs)
    .where(text("state = 'running'"), sequence_runs.c.next_at <= bindparam("now"))
    .order_by(sequence_runs.c.next_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_WAITING = union_all(
    select(outbound.c.run_id.label("id")).where(
        among(outbound.c.run_id, "runs"), text("status IN ('queued', 'sending')")
    ),
    select(inbox.c.id).where(among(inbox.c.id, "events"), text("consumed_at IS NULL")),
)
_SENT = (
    select(outbound.c.run_id, func.max(outbound.c.sent_at).label("at"))
    .where(among(outbound.c.run_id, "runs"), text("sent_at IS NOT NULL"))
    .group_by(outbound.c.run_id)
)


async def take_due(tx: Transaction, directory: Directory, dialogues: Dialogues) -> int:
    """A batch of runs whose next step is due; how many were looked at.

    A run whose last message has not gone yet is put off, and the wait for the next step counts
    from when it went: no two of them are said at once, and what ends a run finds all of it.
    """
    runs = await tx.fetch(_DUE, now=tx.now)
    if not runs:
        return 0
    waiting = await _waiting(tx, runs)
    clients: dict[str, list[Any]] = defaultdict(list)
    for run in runs:
        if run.id not in waiting:
            clients[run.client].append(run)
    busy = [{"id": run.id, "next_at": tx.now + SETTLE} for run in runs if run.id in waiting]
    await tx.update(sequence_runs, busy)
    for client in sorted(clients):
        try:
            taking = Taking(tx, directory.client(client), dialogues)
        except KeyError:
            await stop_runs(tx, [(run, "withdrawn", None) for run in clients[client]])
            continue
        await taking.all(clients[client])
    return len(runs)


def step_event(run_id: str, step: int) -> str:
    """The id of the event that a step becomes, whoever takes it."""
    return derive(run_id, f"step/{step}")


async def _waiting(tx: Transaction, runs: Sequence[Any]) -> set[str]:
    events = {step_event(run.id, run.step - 1): run.id for run in runs if run.step}
    found = await tx.fetch(_WAITING, runs=[run.id for run in runs], events=list(events))
    return {events.get(row.id, row.id) for row in found}


class Taking:
    """Steps of one client's runs, in one transaction."""

    def __init__(self, tx: Transaction, config: ClientConfig, dialogues: Dialogues) -> None:
        self.tx = tx
        self.config = config
        self.dialogues = dialogues
        self.rows: list[dict[str, Any]] = []
        self.campaigns: list[dict[str, Any]] = []
        self.stopped: list[tuple[Any, str, str | None]] = []
        self.sent: dict[str, int] = {}

    async def all(self, runs: Sequence[Any]) -> None:
        situations = await Situations.read(self.tx, self.config, runs)
        went = await self.tx.fetch(_SENT, runs=[run.id for run in runs])
        self.sent = {row.run_id: row.at for row in went}
        unread = []
        for run in runs:
            try:
                pack = self.dialogues.started_on(run.pack, run.pack_version)
            except PackError:
                log.exception("sequences.pack_unusable", client=run.client, pack=run.pack)
                self.stopped.append((run, "withdrawn", None))
                continue
            if pack is None:
                unread.append({"id": run.id, "next_at": self.tx.now + SETTLE})
                continue
            sequence = of_run(pack, run.sequence, run.arm)
            situation = situations.of(run, run.started_at)
            if sequence is None or situation is None:
                self.stopped.append((run, "withdrawn", None))
            else:
                await self._run(run, sequence, situation, situations)
        if self.campaigns:
            await self.tx.insert_new(inbox, self.campaigns)
            self.tx.wake("turn")
        await self.tx.update(sequence_runs, self.rows)
        await self.tx.update(sequence_runs, unread)
        await stop_runs(self.tx, self.stopped)

    async def _run(
        self, run: Any, sequence: Series, situation: Situation, situations: Situations
    ) -> None:
        """Steps that are skipped follow one another; a step that is sent ends the look."""
        now, zone = moment(self.tx.now), situations.zone(run)
        progress = Progress(run.step, moment(max(run.last_at, self.sent.get(run.id, 0))))
        while True:
            match decide(sequence, progress, situation, now, zone):
                case Later(at):
                    self._moved(run, progress, instant(at))
                    return
                case Skip(step, reason):
                    given = {"step": step.id, "reason": reason}
                    self.tx.record(event(self.tx, run, "sequence.step_skipped", given))
                    progress = Progress(progress.step + 1, now)
                case Send(step, channel):
                    address = situations.address(run, channel)
                    await self._send(run, progress.step, step.flow, channel.value, address)
                    progress = Progress(progress.step + 1, now)
                    self._moved(run, progress, self._next(sequence, progress, zone))
                    return
                case Stop(why):
                    self.stopped.append((run, why.value, None))
                    return
                case Finish():
                    self._finished(run, progress)
                    return

    def _next(self, sequence: Series, progress: Progress, zone: ZoneInfo) -> int:
        """After the last step: when to look whether it is over."""
        due: datetime | None = due_at(sequence, progress, zone)
        return self.tx.now + SETTLE if due is None else instant(due)

    async def _send(
        self, run: Any, step: int, flow: str, channel: str, address: str | None
    ) -> None:
        sender = address and assigned(self.config, channel, address, run.customer_id, {})
        if not sender or address is None:
            raise ValueError(f"run {run.id}: {channel} can't be used")
        key = (run.client, channel, address)
        talk = await open_conversation(self.tx, key, sender.address, run.customer_id)
        said = {
            "channel": channel,
            "flow": flow,
            "run_id": run.id,
            "account_id": run.account_id,
        }
        self.campaigns.append(
            {
                "id": step_event(run.id, step),
                "client": run.client,
                "conversation_id": talk,
                "kind": "campaign",
                "payload": encode(said),
                "due_at": self.tx.now,
                "created_at": self.tx.now,
            }
        )

    def _moved(self, run: Any, progress: Progress, next_at: int) -> None:
        self.rows.append(self._row(run, progress) | {"next_at": next_at})

    def _finished(self, run: Any, progress: Progress) -> None:
        ended = {"next_at": None, "state": FINISHED, "ended_at": self.tx.now}
        self.rows.append(self._row(run, progress) | ended)
        self.tx.record(event(self.tx, run, "sequence.finished", {"steps": progress.step}))

    def _row(self, run: Any, progress: Progress) -> dict[str, Any]:
        return {
            "id": run.id,
            "step": progress.step,
            "last_at": instant(progress.last),
            "state": run.state,
            "ended_at": None,
            "version": run.version + 1,
            "updated_at": self.tx.now,
        }
