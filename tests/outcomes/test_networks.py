"""Webhooks reach public addresses only, however an address is written or found."""

import socket

import pytest

from gateway.clients import ConfigurationError
from gateway.outcomes.calls import Calls
from gateway.outcomes.networks import Refused, dialler, parse_networks, reachable
from gateway.storage import Store
from tests.outcomes.given import deliver, happen, hook, state
from tests.outcomes.host import Host

REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.31.196.1 192.52.193.1
    192.88.99.1 192.168.1.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.9
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::a00:1
    64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
    2002:7f00:1:: 2002:808:808:: 2620:4f:8000::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1
    fe80::1 fe80::1%eth0 fec0::1 ff02::1
""".split()

ALLOWED = """
    1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1
    192.0.1.1 192.167.255.255 198.17.255.255 198.20.0.1 223.255.255.255
    2606:4700:4700::1111 2a00:1450:4001:81b::200e 2001:4860:4860::8888 ::ffff:8.8.8.8
""".split()


@pytest.mark.parametrize("address", REFUSED)
def test_refused(address: str) -> None:
    assert not reachable(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_allowed(address: str) -> None:
    assert reachable(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "fd00::1"])
def test_named_networks_are_allowed_and_no_others(address: str) -> None:
    assert reachable(address, parse_networks("127.0.0.0/8, fd00::/8"))
    assert not reachable(address, parse_networks("10.0.0.0/8"))


@pytest.mark.parametrize("text", ["10.0.0.1/8", "all", "10.0.0.0/8;127.0.0.0/8", "10.0.0.0/64"])
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(ConfigurationError, match="GATEWAY_WEBHOOK_NETWORKS"):
        parse_networks(text)


def test_no_networks() -> None:
    assert parse_networks("") == parse_networks(" , ") == ()


async def test_sockets_do_not_wait_for_more_to_send(host_url: str) -> None:
    port = int(host_url.rpartition(":")[2])
    with await dialler(parse_networks("127.0.0.0/8"))("localhost", port) as made:
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("name", ["::1", "127.0.0.1", "localhost", "169.254.169.254"])
async def test_no_socket_is_made(name: str) -> None:
    with pytest.raises(Refused, match="not a public address"):
        await dialler()(name, 80)


SPELLINGS = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1", "2130706433", "１２７.0.0.1"]


@pytest.mark.parametrize("name", SPELLINGS)
async def test_no_spelling_reaches_this_machine(
    store: Store, host: Host, host_url: str, name: str
) -> None:
    endpoint = await hook(store, host_url.replace("127.0.0.1", name))
    await happen(store, ["01890000-0000-7000-8000-000000000001"])
    async with Calls(timeout=5.0) as guarded:
        await deliver(store, guarded)
    assert host.calls == []
    assert (await state(store, endpoint)).failures == 1


async def test_the_refusal_says_what_to_do(store: Store, host: Host, host_url: str) -> None:
    endpoint = await hook(store, host_url)
    await happen(store, ["01890000-0000-7000-8000-000000000001"])
    async with Calls(timeout=5.0) as guarded:
        await deliver(store, guarded)
    error = (await state(store, endpoint)).error
    assert "127.0.0.1 is not a public address" in error
    assert "GATEWAY_WEBHOOK_NETWORKS" in error


async def test_a_redirect_to_this_machine_is_not_followed(
    store: Store, calls: Calls, host: Host, host_url: str
) -> None:
    from tests.outcomes.host import serving, status

    elsewhere = Host()
    async with serving(elsewhere) as url:
        host.answer = status(307, headers={"Location": f"{url}/internal"})
        await hook(store, host_url)
        await happen(store, ["01890000-0000-7000-8000-000000000001"])
        await deliver(store, calls)
    assert len(host.calls) == 1
    assert elsewhere.calls == []
