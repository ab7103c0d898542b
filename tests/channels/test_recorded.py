"""Every provider's table of recorded payloads, and hostile ones beside."""

from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from channels.contract import Channel, Malformed, RawRequest, SendError, Unverified
from domain.messages import Content, Inbound, Outbound, Receipt
from tests.channels.dialects import DIALECTS, Recorded, hook, opened, recorded
from tests.standins.provider import Dialect, HttpProvider, signed
from tests.standins.script import Rule
from tests.standins.serving import Request, Response, serving

reader = cache(opened)  # it reads and verifies only; to make one takes longer than that
ALL = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


def differences(found: Any, expected: dict[str, Any]) -> dict[str, Any]:
    """What a row expects and the adapter did not say; a row names what it is about."""
    said = msgspec.json.decode(msgspec.json.encode(found))
    wrong = {}
    for name, value in expected.items():
        if isinstance(value, dict):
            inner = {key: said[name].get(key) for key in value}
            if inner != value:
                wrong[name] = inner
        elif said[name] != value:
            wrong[name] = said[name]
    return wrong


@pytest.mark.parametrize(
    ("kind", "row"),
    [(kind, row) for kind in ("status", "inbound") for row in recorded(kind)],
    ids=str,
)
async def test_what_is_said(kind: str, row: Recorded) -> None:
    channel = opened(row.dialect)
    request = row.request(kind)
    channel.verify(request)
    [found] = channel.parse(request)
    assert isinstance(found, Receipt if kind == "status" else Inbound)
    assert found.channel is channel.capabilities.kind
    assert found.received_at == request.received_at
    assert differences(found, row.case["expected"]) == {}


@pytest.mark.parametrize("row", recorded("malformed"), ids=str)
async def test_what_says_nothing(row: Recorded) -> None:
    request = row.request("inbound")
    channel = opened(row.dialect)
    channel.verify(request)
    with pytest.raises(Malformed, match=row.case["names"]):
        channel.parse(request)


@pytest.mark.parametrize("row", recorded("refusals"), ids=str)
async def test_what_a_refusal_means(row: Recorded) -> None:
    async def refuse(_: Request) -> Response:
        body = msgspec.json.encode(row.case["body"])
        return Response(row.case["status"], body, row.case.get("headers", {}))

    async with serving(refuse) as url:
        channel = opened(row.dialect, api_url=url)
        with pytest.raises(SendError) as caught:
            await channel.send(outbound(channel, row.dialect))
        await channel.close()
    error = caught.value
    said = {name: getattr(error, name) for name in row.case["expected"]}
    assert said == row.case["expected"]
    assert row.dialect.address not in str(error)


def outbound(channel: Channel, dialect: Dialect, text: str = "hello") -> Outbound:
    kind = channel.capabilities.kind
    attempt = "0198c000-0000-7000-8000-000000000001"
    return Outbound(attempt, kind, dialect.sender, dialect.address, Content(text), valid_for=3600)


@ALL
async def test_an_answer_that_is_none(dialect: Dialect) -> None:
    """Whoever answered, the message may have gone."""
    answers = iter([b"", b"{}", b"[]", b"\xff", b"<html>"])

    async def answer(_: Request) -> Response:
        return Response(202, next(answers))

    async with serving(answer) as url:
        channel = opened(dialect, api_url=url)
        for _ in range(5):
            with pytest.raises(SendError) as caught:
                await channel.send(outbound(channel, dialect))
            assert caught.value.retry == "unknown"
        await channel.close()


@ALL
@pytest.mark.parametrize("text", ["£50 ✓ 👍", "a\0b", "half \ud83d gone", '"quoted" \\ <b>&amp;'])
async def test_odd_texts_arrive(dialect: Dialect, text: str) -> None:
    provider = HttpProvider(dialect, "http://127.0.0.1:9")
    provider.direct(Rule(receipts=()))
    async with serving(provider.handle) as url:
        channel = opened(dialect, api_url=url)
        await channel.send(outbound(channel, dialect, text))
        await channel.close()
    [taken] = provider.taken
    assert taken.text == text.replace("\0", "").replace("\ud83d", "\ufffd")


def requests(dialect: Dialect) -> st.SearchStrategy[RawRequest]:
    """A true callback with its body, headers or both changed."""
    url = hook(dialect)
    whole = st.sampled_from([row.request("status") for row in recorded("status")])
    bodies = st.binary(max_size=200) | st.text(max_size=100).map(str.encode)
    texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)
    headers = st.dictionaries(
        st.sampled_from(["Authorization", "authorization", "X-Other"]),
        texts | texts.map("Bearer {}".format),
        max_size=3,
    )
    return st.one_of(
        st.builds(lambda one, body: structs.replace(one, body=body), whole, bodies),
        st.builds(lambda one, more: structs.replace(one, headers=more), whole, headers),
        st.builds(lambda body, more: RawRequest("POST", url, more, body), bodies, headers),
    )


@ALL
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_what_was_not_signed_is_never_taken(dialect: Dialect, data: st.DataObject) -> None:
    channel = reader(dialect)
    request = data.draw(requests(dialect))
    genuine = {row.request("status").body for row in recorded("status")}
    try:
        channel.verify(request)
    except Unverified:
        return
    assert request.body in genuine, "it is a recorded one, drawn unchanged"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@ALL
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_whatever_is_signed_is_read_or_refused(dialect: Dialect, data: st.DataObject) -> None:
    """A signed callback of any shape ends in values that can be kept, or in Malformed."""
    bodies = [row.case["body"] for kind in ("status", "inbound") for row in recorded(kind)]
    body = dict(data.draw(st.sampled_from(bodies)))
    for name in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=3)):
        body[name] = data.draw(JSON)
    request = signed(dialect, hook(dialect), msgspec.json.encode(body))
    channel = reader(dialect)
    channel.verify(request)
    try:
        values = channel.parse(request)
    except Malformed:
        return
    for value in values:
        for text in (value.provider_id, getattr(value, "text", ""), getattr(value, "address", "")):
            assert "\0" not in text
            text.encode()
        assert len(value.provider_id) <= 254
