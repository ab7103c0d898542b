"""Where webhooks may go: public addresses, and networks that the operator allows by name.

The check sits between the look-up and the connection, which goes to the very address that was
checked: a host name that resolves to a private address, an IP literal in any spelling and a name
that changes its mind are all caught there.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from gateway.clients import ConfigurationError

Network = IPv4Network | IPv6Network

# All of IPv6 that is given out for hosts at large. Outside of it are loopback, link-local, unique
# local, multicast, NAT64 and IPv4-compatible addresses.
UNICAST = IPv6Network("2000::/3")

# The IANA special-purpose registries, as far as they are not outside of UNICAST.
CLOSED: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' shared addresses
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


INTERNET = (socket.AF_INET, socket.AF_INET6)

PATIENCE = 2.0
"""Seconds for an address of several to answer."""


class Refused(Exception):
    """A webhook's host resolves to an address that webhooks may not reach."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} is not a public address;"
            " add its network to GATEWAY_WEBHOOK_NETWORKS if webhooks may reach it"
        )


def parse_networks(text: str) -> tuple[Network, ...]:
    """CIDR networks by comma, as GATEWAY_WEBHOOK_NETWORKS has them. Raises ConfigurationError."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"GATEWAY_WEBHOOK_NETWORKS is wrong: {error}; write networks like 10.1.0.0/16, by comma"
        ) from None


def reachable(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether webhooks may go to an IP address, with or without a zone."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if any(ip in network for network in allowed):
        return True
    if ip.version == 6 and ip not in UNICAST:
        return False
    return ip.is_global and not any(ip in network for network in CLOSED)


def dialler(allowed: Sequence[Network] = ()) -> Callable[[str, int], Awaitable[socket.socket]]:
    """Connects to the first address of a host that webhooks may reach and that answers.

    What it gives raises Refused where they may reach none of them, OSError where none answers.
    """

    async def dial(host: str, port: int) -> socket.socket:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        usable = [one for one in found if one[0] in INTERNET and reachable(str(one[4][0]), allowed)]
        if not usable:
            raise Refused(str(found[0][4][0]))
        for one in usable[:-1]:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    return await _connected(*one)
        return await _connected(*usable[-1])

    return dial


async def _connected(
    family: int, kind: int, protocol: int, _: str, address: tuple[Any, ...]
) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    try:
        made.setblocking(False)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(made, address)
    except BaseException:
        made.close()
        raise
    return made
