"""Who is written to by which sender, and that it stays so."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clients import ClientConfig
from gateway.senders.pools import assigned, next_after, usable
from tests.pipeline.world import client
from tests.pipeline.world import sender as own

PHONE = "+12125550142"
NUMBERS = [f"+1212555{n:04}" for n in range(20)]


def pool(*senders: str | dict[str, Any]) -> ClientConfig:
    listed = [own(each) if isinstance(each, str) else each for each in senders]
    return client("harbor", "+12125550100", senders=listed)


def chosen(config: ClientConfig, key: str, kept: dict[str, str] | None = None) -> str:
    found = assigned(config, "sms", PHONE, key, {} if kept is None else kept)
    assert found is not None
    return found.address


CUSTOMERS = [f"customer-{n}" for n in range(400)]


def test_customers_are_spread_over_the_pool() -> None:
    counts = Counter(chosen(pool(*NUMBERS[:4]), key) for key in CUSTOMERS)
    assert set(counts) == set(NUMBERS[:4])
    assert min(counts.values()) > len(CUSTOMERS) / 8


@settings(max_examples=20)
@given(size=st.integers(1, 8), order=st.randoms(use_true_random=False))
def test_a_sender_that_is_added_takes_only_its_own_share(size: int, order: Any) -> None:
    before, more = NUMBERS[:size], [*NUMBERS[: size + 1]]
    order.shuffle(more)
    old, new = pool(*before), pool(*more)
    moved = [key for key in CUSTOMERS if chosen(old, key) != chosen(new, key)]
    assert {chosen(new, key) for key in moved} <= {NUMBERS[size]}
    assert len(moved) < len(CUSTOMERS) * 2 / (size + 1)


POOLS = st.lists(st.sets(st.sampled_from(NUMBERS[:6]), min_size=1), min_size=1, max_size=8)


@settings(max_examples=100)
@given(pools=POOLS, key=st.sampled_from(CUSTOMERS))
def test_a_customer_keeps_the_sender_while_the_pool_has_it(pools: list[set[str]], key: str) -> None:
    kept: dict[str, str] = {}
    last = None
    for numbers in pools:
        now = chosen(pool(*sorted(numbers)), key, kept)
        assert kept == {"sms": now}
        if last in numbers:
            assert now == last
        last = now


def test_a_paused_sender_hands_its_customers_on_for_good() -> None:
    config, kept = pool(*NUMBERS[:3]), {"sms": NUMBERS[1]}
    idle = {("sms", NUMBERS[1])}
    other = assigned(config, "sms", PHONE, "c", kept, idle)
    assert other is not None
    assert kept == {"sms": other.address} != {"sms": NUMBERS[1]}
    assert chosen(config, "c", kept) == other.address


def test_where_all_are_paused_it_stays_with_its_own() -> None:
    kept = {"sms": NUMBERS[1]}
    idle = {("sms", number) for number in NUMBERS}
    found = assigned(pool(*NUMBERS[:3]), "sms", PHONE, "c", kept, idle)
    assert found is not None
    assert found.address == NUMBERS[1] == kept["sms"]


GB, SHORT, TOLL_FREE = "+447700900100", "45678", "+18335550100"
PHONES = {
    "US": "+12125550142",
    "CA": "+14165550142",
    "JM": "+18765550142",
    "GB": "+447911123456",
    "film": "+447700900123",
    "FR": "+33612345678",
}
REACH = {
    "long code": (own("+12125550100"), {"US", "CA", "JM"}),
    "toll-free": (own(TOLL_FREE, "toll_free"), {"US", "CA"}),
    "short code": (own(SHORT, "short_code"), {"US"}),
    "short code of Canada": (own(SHORT, "short_code", countries=["CA"]), {"CA"}),
    "GB": (own(GB, "long_code"), {"GB", "film"}),
    "stated": (own(GB, "long_code", countries=["FR", "US"]), {"FR", "US"}),
}


@pytest.mark.parametrize("name", REACH)
def test_a_sender_texts_the_countries_it_may(name: str) -> None:
    sender, reached = REACH[name]
    config = pool(sender)
    assert {where for where, phone in PHONES.items() if usable(config, "sms", phone)} == reached


def test_each_customer_hears_from_a_number_that_reaches_them() -> None:
    config = pool("+12125550100", own(GB, "long_code"))
    kept: dict[str, str] = {}
    for phone, number in ((PHONES["US"], "+12125550100"), (PHONES["GB"], GB)):
        found = assigned(config, "sms", phone, "c", kept)
        assert found is not None
        assert found.address == number
    assert kept == {"sms": "+12125550100"}, "a second phone abroad does not move the first"
    assert assigned(config, "sms", PHONES["FR"], "c", kept) is None


@pytest.mark.parametrize("address", ["", "hello", "+1", "+999123456789", "12125550142"])
def test_what_is_no_phone_is_reached_by_no_number(address: str) -> None:
    config = pool("+447700900100", own(SHORT, "short_code"))
    assert not usable(config, "sms", address)


def test_nothing_real_goes_out_without_evidence() -> None:
    bare = {"channel": "sms", "address": NUMBERS[0], "via": "twilio"}
    assert assigned(pool(bare), "sms", PHONE, "c", {}) is None
    assert chosen(pool({**bare, "via": "simulated-sms"}), "c") == NUMBERS[0]
    kept = {"sms": NUMBERS[0]}
    assert chosen(pool(bare, NUMBERS[1]), "c", kept) == NUMBERS[1] == kept["sms"]


@given(key=st.sampled_from(CUSTOMERS), size=st.integers(1, 6))
def test_the_next_in_rank_goes_once_round_the_pool(key: str, size: int) -> None:
    senders = usable(pool(*NUMBERS[:size]), "sms", PHONE)
    seen = [senders[0].address]
    while len(seen) < size:
        found = next_after(senders, key, seen[-1])
        assert found is not None
        seen.append(found.address)
    assert sorted(seen) == sorted(NUMBERS[:size])
    idle = {("sms", number) for number in NUMBERS}
    assert next_after(senders, key, seen[0], idle) is None
