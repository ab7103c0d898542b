"""What tests of consent ask of a world."""

import json
from typing import Any

from sqlalchemy import select

from domain.messages import Inbound
from domain.values import ChannelKind
from gateway.batch.acknowledgement import Acknowledgement
from gateway.batch.placement import load_placement
from gateway.clock import moment
from gateway.pipeline.dialogue import Dialogues
from gateway.storage.tables import consent_events
from tests.batch.files import file, record
from tests.pipeline.world import CLIENTS, Person, World, meant, text_from

EMAIL = "ada@example.org"
NUMBER = "+12125550143"
SHARED = "+12125550144"
MEANINGS = {
    "stop texting me": meant("opt_out"),
    "stop texting, email me": meant("opt_out"),
    "don't email me": meant("opt_out"),
    "stop contacting me": meant("cease_contact"),
    "text me again please": meant("opt_in"),
    "STOP": meant("opt_out"),
    "START": meant("opt_in"),
}


def spoken(world: World) -> World:
    """With the shipped dialogs, which know what these words mean."""
    world.dialogues = Dialogues()
    world.reader.known = MEANINGS
    return world


def mail_from(text: str, address: str = EMAIL, **more: Any) -> Inbound:
    return text_from(address, text, sender="care@harbor.example", channel=ChannelKind.EMAIL, **more)


async def ada(world: World) -> Person:
    """A customer with two numbers and a mailbox."""
    person = await world.place()
    await world.reach(person, "sms", NUMBER, 1)
    await world.reach(person, "email", EMAIL, 2)
    return person


async def said(world: World, **where: Any) -> list[tuple[str, str, str | None]]:
    """The ledger: kind, scope and address, in its order."""
    statement = select(consent_events).order_by(consent_events.c.position)
    for name, value in where.items():
        statement = statement.where(consent_events.c[name] == value)
    rows = await world.store.read(lambda tx: tx.fetch(statement))
    return [(row.kind, row.scope, row.address) for row in rows]


async def host_says(
    world: World, person: Person, file_id: str, *contacts: dict[str, Any]
) -> Acknowledgement:
    """The host places the customer again with these contacts."""
    made = record(
        customer={
            "ref": person.ref, "timezone": "America/New_York", "address": {"country": "US"}
        },
        account__ref=f"A-{person.ref}",
        contacts=list(contacts),
    )  # fmt: skip
    data = file(
        made,
        file_id=file_id,
        client_id=person.client,
        created_at=moment(world.clock.now).isoformat(),
    )
    return await load_placement(world.store, CLIENTS.__getitem__, data)


def contact(address: str = "+12125550142", **more: Any) -> dict[str, Any]:
    return {"type": "email" if "@" in address else "sms", "value": address, **more}


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]
