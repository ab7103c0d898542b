"""The stand-in provider's and the host's own logs, read along as they grow."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

Entry = Mapping[str, Any]
POLL = 0.05


class Tail:
    """A log's entries by a key of theirs."""

    def __init__(self, path: Path, key: Callable[[Entry], str]) -> None:
        self._path = path
        self._key = key
        self._read = 0
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)

    def of(self, key: str) -> Sequence[Entry]:
        """All so far, oldest first."""
        self._catch_up()
        return self._entries[key]

    def _catch_up(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as log:
            log.seek(self._read)
            for line in log:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                entry = msgspec.json.decode(line)
                self._entries[self._key(entry)].append(entry)

    async def reaches(self, key: str, count: int) -> None:
        """Waits for so many; whoever calls bounds the time."""
        while len(self.of(key)) < count:
            await asyncio.sleep(POLL)


def provider_log(path: Path) -> Tail:
    """Messages by the number they went to."""
    return Tail(path, lambda entry: str(entry["to"]))


def host_log(path: Path) -> Tail:
    """Deliveries by the client they speak of."""
    return Tail(path, lambda entry: str(entry["body"]["client"]))


def delivered_wrongly(entries: Sequence[Entry], events: Mapping[str, int]) -> list[str]:
    """What a host can hold against its deliveries; `events` are the numbers due to it, by id."""
    problems = []
    bodies: dict[str, Any] = {}
    last: dict[str, int] = {}
    for entry in entries:
        event, body = entry["webhook_id"], entry["body"]
        if not entry["verified"]:
            problems.append(f"{event} did not verify")
        if event not in bodies:
            bodies[event] = body
            lane = body["customer_ref"] or body["conversation_id"] or event
            if body["seq"] <= last.get(lane, 0):
                problems.append(f"{body['seq']} of {lane} came after {last[lane]}")
            last[lane] = body["seq"]
        elif bodies[event] != body:
            problems.append(f"{event} came with two bodies")
    if missing := events.keys() - bodies.keys():
        problems.append(f"{len(missing)} events never came")
    if made_up := bodies.keys() - events.keys():
        problems.append(f"{len(made_up)} events came that are not on record")
    return problems
