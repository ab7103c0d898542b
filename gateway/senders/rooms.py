"""How many messages an adapter can have under way: a mail server takes few connections.

What finds no room stays queued, where it costs no try; waiting for a connection would.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Channel
from gateway.directory import Directory

NO_BOUNDS: Mapping[str, int] = {}


def rooms(channels: Mapping[str, Channel], calling: Mapping[str, int]) -> dict[str, int]:
    """How many more calls each bounded adapter has room for; `calling` counts those under way."""
    return {
        via: channel.capabilities.at_once - calling.get(via, 0)
        for via, channel in channels.items()
        if channel.capabilities.at_once is not None
    }


def within(
    messages: Sequence[Any], rooms: Mapping[str, int], directory: Directory
) -> Sequence[Any]:
    """The first messages of each adapter that it has room for, in their order."""
    if not rooms:
        return messages
    left, found = dict(rooms), []
    for message in messages:
        sender = directory.own(message.client, message.channel, message.sender)
        if sender is not None and sender.via in left:
            if left[sender.via] <= 0:
                continue
            left[sender.via] -= 1
        found.append(message)
    return found
