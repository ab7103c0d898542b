"""Which of a client's senders writes to a customer: always the same one, while it can.

A conversation keeps its sender of each channel. Where it has none yet, or that one can't be used,
the pool is ranked for this customer by a hash of each sender (highest random weight): every process
ranks alike, and a sender that is added takes only the customers for whom it ranks first.
"""

from collections.abc import Collection, MutableMapping, Sequence
from hashlib import blake2b

from gateway.clients import ClientConfig, Sender

Place = tuple[str, str]
"""A channel and one of our addresses."""


def place(sender: Sender) -> Place:
    return sender.channel.value, sender.address


def usable(config: ClientConfig, channel: str, address: str) -> Sequence[Sender]:
    """Those that may go live and reach this address, in the order of the file."""
    home = config.jurisdiction
    return [
        sender
        for sender in config.pool(channel)
        if sender.may_go_live and sender.reaches(address, home)
    ]


def ranked(senders: Sequence[Sender], key: str) -> Sequence[Sender]:
    """`key` names the customer, or the conversation where there is none."""
    if len(senders) < 2:
        return senders
    return sorted(senders, key=lambda sender: _weight(sender.address, key), reverse=True)


def _weight(address: str, key: str) -> bytes:
    return blake2b(f"{address}\0{key}".encode(), digest_size=8).digest()


def assigned(
    config: ClientConfig,
    channel: str,
    address: str,
    key: str,
    kept: MutableMapping[str, str],
    idle: Collection[Place] = (),
) -> Sender | None:
    """The sender that writes to `address`; None where the client has none that may.

    `kept` is what the conversation keeps, by channel; a new assignment is entered there. One that
    is `idle` (paused, say) is taken only where every other is, too: what it has to send then waits
    or goes another way.
    """
    before = kept.get(channel)
    for sender in config.pool(channel):  # the usual case, of every message but the first
        if _stays(sender, before, idle) and sender.reaches(address, config.jurisdiction):
            return sender
    senders = usable(config, channel, address)
    if not senders:
        return None
    free = [sender for sender in senders if place(sender) not in idle] or senders
    own = next((sender for sender in free if sender.address == before), None)
    if own is None:
        own = ranked(free, key)[0]
    if not any(_stays(sender, before, idle) for sender in config.pool(channel)):
        kept[channel] = own.address
    return own


def _stays(sender: Sender, before: str | None, idle: Collection[Place]) -> bool:
    """One that only does not reach another phone of the customer's is kept for the first."""
    return sender.address == before and sender.may_go_live and place(sender) not in idle


def next_after(
    senders: Sequence[Sender], key: str, current: str, idle: Collection[Place] = ()
) -> Sender | None:
    """The one to try after `current`: the next in rank that is not idle; None: there is none."""
    order = list(ranked(senders, key))
    at = next((n for n, sender in enumerate(order) if sender.address == current), -1)
    others = order[at + 1 :] + order[: max(at, 0)]
    return next((sender for sender in others if place(sender) not in idle), None)
