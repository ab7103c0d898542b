"""A client that uses sequences: days go by, and what each of them brings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from dialogs.experiments import Experiment
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from dialogs.sequences import Sequence as Series
from dialogs.sequences import Start, Step, Wait
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.ids import new_id
from gateway.packs.library import Library
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.identity import conversation_with
from gateway.sequences.book import used_by
from gateway.sequences.starting import Begun, begin, mark
from gateway.sequences.working import Sequences
from gateway.storage import Store
from gateway.storage.clients import apply_client
from gateway.storage.tables import handoffs, holds, outbound, sequence_runs
from tests.pipeline.world import HARBOR, Clock, Person, Provider, World

HOUR, DAY = 3600, 86_400
SMS, EMAIL = ChannelKind.SMS, ChannelKind.EMAIL

GENTLE = Series(
    "gentle",
    (
        Step("first", "reminder", channel=SMS, fallback=EMAIL),
        Step("second", "reminder_again", Wait(3), time(10), EMAIL, fallback=SMS),
        Step("third", "last_reminder", Wait(4), time(14), SMS, fallback=EMAIL),
    ),
    start=frozenset({Start.PLACEMENT, Start.API}),
)
SENDS = ("utter_reminder", "utter_reminder_again", "utter_last_reminder")


def pack_with(*sequences: Series, experiments: Sequence[Experiment] = ()) -> Pack:
    return replace(
        load_shipped("collections-us"),
        sequences={each.name: each for each in sequences},
        experiments={each.sequence: each for each in experiments},
    )


def client_with(*names: str, **more: Any) -> ClientConfig:
    parts = [{"name": name} for name in names]
    return ClientConfig.model_validate(HARBOR.model_dump() | {"sequences": parts} | more)


class Shipped(Library):
    """Ships one pack, as it is given."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self._pack = pack

    def shipped(self, name: str) -> Pack:
        return self._pack


def dialogues_of(pack: Pack) -> Dialogues:
    return Dialogues(Shipped(pack))


@dataclass
class Scenes:
    world: World
    config: ClientConfig
    pack: Pack

    @classmethod
    async def over(cls, store: Store, clock: Clock) -> "Scenes":
        scenes = cls(await World.over(store, clock), HARBOR, pack_with(GENTLE))
        await scenes.use(GENTLE)
        return scenes

    async def use(
        self, *sequences: Series, experiments: Sequence[Experiment] = (), **more: Any
    ) -> None:
        """Puts a pack and a client with these sequences in force."""
        self.pack = pack_with(*sequences, experiments=experiments)
        self.config = client_with(*(each.name for each in sequences), **more)
        await self.world.store.transact("apply", lambda tx: apply_client(tx, self.config))
        self.restart()

    def restart(self) -> None:
        """What a process keeps in memory is gone; what the provider got is not."""
        self.world.restrict(self.config)
        self.world.dialogues = dialogues_of(self.pack)
        self.loop = Sequences(self.world.store, self.world.directory, self.world.dialogues)

    @property
    def provider(self) -> Provider:
        return self.world.provider

    async def person(self, ref: str = "C-1", phone: str = "+12125550142", **more: Any) -> Person:
        """Placed with a phone and a mailbox."""
        person = await self.world.place(ref, HARBOR, phone, **more)
        await self.world.reach(person, "email", f"{ref.lower()}@example.org", rank=1)
        return person

    async def begin(self, *people: Person, by: Start = Start.API, **more: Any) -> list[Begun]:
        ids = [person.account for person in people]
        used = list(used_by(self.config, self.pack))
        found: list[Begun] = await self.world.store.transact(
            "begin", lambda tx: begin(tx, self.config, self.pack, used, ids, by, **more)
        )
        return found

    async def placed(self, *people: Person) -> None:
        ids = [person.account for person in people]
        await self.world.store.transact("mark", lambda tx: mark(tx, self.config, ids, []))

    async def step(self) -> None:
        """All that is due at this instant, to its end."""
        while await self.loop.run():
            pass
        while await self.world.turn():
            pass
        while await self.world.send():
            pass

    async def days(self, count: int, hours: int = 1) -> None:
        """So many days go by, with a look every few hours."""
        for _ in range(count * 24 // hours):
            self.world.clock.forward(hours * HOUR)
            await self.step()

    async def hold(self, person: Person, kind: str = "attorney") -> None:
        row = {
            "id": new_id(),
            "client": person.client,
            "scope": "customer",
            "customer_id": person.id,
            "kind": kind,
            "started_at": self.world.clock.now,
            "started_by": "host",
        }
        await self.world.add(holds, row)

    async def hand_off(self, person: Person) -> None:
        row = {
            "id": new_id(),
            "client": person.client,
            "conversation_id": conversation_with(person.id),
            "reason": "asked",
            "urgency": "soon",
            "due_at": self.world.clock.now,
            "created_at": self.world.clock.now,
        }
        await self.world.add(handoffs, row)

    async def said(self) -> list[str]:
        """The responses of what was really sent, in their order."""
        rows = [row for row in await self.world.rows(outbound) if row.sent_at is not None]
        return [row.response for row in sorted(rows, key=lambda row: row.sent_at)]

    async def run(self) -> Any:
        return await self.world.one(sequence_runs)
