"""Whose message it is: the ids of conversations follow from whom they are with."""

from hashlib import blake2b

from domain.ids import derive, uuid7


def conversation_with(customer_id: str) -> str:
    """The one conversation of a customer."""
    return derive(customer_id, "conversation")


def conversation_at(client: str, channel: str, address: str) -> str:
    """Nobody's conversation: an address that no customer, or more than one, is known by."""
    digest = blake2b(f"{client}/{channel}/{address}".encode(), digest_size=10).digest()
    return uuid7(0, int.from_bytes(digest, "big") >> 6)
