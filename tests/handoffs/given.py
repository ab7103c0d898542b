"""What tests of hand-offs ask of a world."""

from typing import Any

from sqlalchemy import select

from gateway.handoffs.asking import ask
from gateway.storage import decode
from gateway.storage.tables import activity, activity_blocks, handoffs
from tests.pipeline.world import CLIENTS, Person, World


async def asked(
    world: World,
    conversation: str,
    reason: str = "dispute",
    *,
    urgent: bool = False,
    client: str = "harbor",
) -> dict[str, Any] | None:
    """A request for a person; what is told of it."""
    told: dict[str, Any] | None = await world.store.transact(
        "ask", lambda tx: ask(tx, world.directory.client(client), conversation, reason, urgent)
    )
    return told


async def waits(world: World, reason: str = "dispute", *, urgent: bool = False) -> str:
    """A new customer's hand-off; its id."""
    ref = f"C-{len(await world.rows(handoffs)) + 1}"
    person: Person = await world.place(ref, CLIENTS["harbor"], f"+1212555{len(ref):04}")
    told = await asked(world, await world.talk(person), reason, urgent=urgent)
    assert told is not None
    return str(told["handoff_id"])


async def do(world: World, work: Any, *args: Any, **more: Any) -> Any:
    """One of the queue's functions, in a transaction of its own."""
    return await world.store.transact("handoffs", lambda tx: work(tx, *args, **more))


_RECORD = (
    select(activity.c.type, activity.c.payload, activity.c.actor)
    .select_from(activity.join(activity_blocks, activity_blocks.c.id == activity.c.block))
    .order_by(activity_blocks.c.position, activity.c.ordinal)
)


async def told(world: World, *kinds: str) -> list[dict[str, Any]]:
    """The payloads of activity of these types, in the order of their commits."""
    rows = await world.store.read(lambda tx: tx.fetch(_RECORD))
    return [decode(row.payload) for row in rows if row.type in kinds]
