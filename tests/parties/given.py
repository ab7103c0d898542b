"""Customers whose every fact can be recognised in a text, and what is said to them."""

from typing import Any

from gateway.parties.proving import keep_proof
from gateway.parties.wrong import lift, mark, mark_by_hand
from gateway.storage import Transaction, encode
from gateway.storage.tables import accounts, contacts, customers, inbound, outbound
from tests.pipeline.world import HARBOR, PHONE, Person, World

KEY = ("harbor", "sms", PHONE)
OTHER_PHONE = "+12125550143"
CLOSING = "Harbor Recovery, debt collector. Reply STOP to opt out"
FIRST = (
    "Harbor Recovery, debt collector, is trying to collect a debt; any information obtained will be"
    " used for that purpose. Reply STOP to opt out"
)


async def someone(world: World, **more: Any) -> tuple[Person, str]:
    """A customer who owes 432.19 to Zebra Bank; and their conversation."""
    person = await world.place(balance_minor=43_219)
    born = {"first_name": "Ada", "last_name": "Quizzenbury", "date_of_birth": "1980-05-03"}
    await world.change(customers, id=person.id, postcode="10001", **born)
    debt: dict[str, Any] = {"minimum_due_minor": 7_700, "due_date": "2026-12-04"}
    debt |= {"creditor": "Zebra Bank", "product": "store card"}
    details = encode({"creditor_original": "Old Shop Ltd", "opened_on": "2019-01-02"})
    await world.change(accounts, id=person.account, details=details, **debt | more)
    return person, await world.talk(person)


async def says(world: World, talk: str, person: Person, words: str, **more: Any) -> Any:
    """A message of ours to the customer alone; its row after all is said and done."""
    given: dict[str, Any] = {"neutral": 0, "demand": 0, "text": f"{words} {CLOSING}"} | more
    id_ = await world.queue(talk, person, **given)
    world.clock.forward(1)
    await world.send()
    return await world.one(outbound, id=id_)


async def introduce(world: World, talk: str, person: Person) -> None:
    row = await says(world, talk, person, "Hello.", text=f"Hello. {FIRST}")
    assert (row.status, row.disclosure) == ("sent", "initial")


async def prove(world: World, talk: str, person: Person) -> None:
    async def work(tx: Transaction) -> None:
        await keep_proof(tx, person.client, talk, person.id, "portal", None)

    await world.store.transact("prove", work)


async def mark_wrong(world: World, person: Person, **more: Any) -> bool:
    done: bool = await world.store.transact(
        "mark", lambda tx: mark(tx, KEY, person.id, "customer", **more)
    )
    return done


async def mark_by(world: World, person: Person, by: str = "Kim") -> bool:
    done: bool = await world.store.transact(
        "mark", lambda tx: mark_by_hand(tx, KEY, person.id, by, "they called")
    )
    return done


async def lift_by(world: World, person: Person, by: str = "Kim") -> bool:
    done: bool = await world.store.transact(
        "lift", lambda tx: lift(tx, KEY, person.id, by, "a slip")
    )
    return done


async def contact(world: World, person: Person, address: str = PHONE, **columns: Any) -> None:
    key = {"client": "harbor", "channel": "sms", "address": address, "customer_id": person.id}
    await world.store.transact(
        "contact", lambda tx: tx.update(contacts, [key | columns], key=tuple(key))
    )


async def wrote(world: World, talk: str, text: str) -> None:
    """Words of the customer's that are understood and answered already."""
    row = {
        "id": "0198c000-0000-7000-8000-0000000000aa",
        "client": "harbor",
        "channel": "sms",
        "provider_id": text,
        "sender": HARBOR.senders[0].address,
        "address": PHONE,
        "conversation_id": talk,
        "text": text,
        "via": "phone",
        "received_at": world.clock.now,
    }
    await world.add(inbound, row)
