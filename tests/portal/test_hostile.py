"""Requests that mean harm or nonsense: never a 500, nothing crosses over, nothing leaks."""

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.portal import Site
from gateway.storage import Store
from gateway.storage.tables import activity, inbox, payments
from tests.portal.people import FACTS, both_stores, events, place, rows_of
from tests.portal.visitor import Visitor

FORM = "application/x-www-form-urlencoded"

BODIES = [
    b"",
    b"\x00",
    b"day=%00&month=%00&year=%00&postcode=%00",
    b"day=%ED%A0%80&month=3&year=1985&postcode=%ED%A0%80",  # a lone surrogate, encoded
    b"day=\xed\xa0\x80&postcode=\xff\xfe",
    b"%%%%=&&&===%zz",
    b"postcode=" + b"A" * 10_000,
    b"&".join(b"a%d=1" % number for number in range(1_000)),
    "day=１４&month=³&year=१९८५".encode(),
    b'{"day": 14}',
]
TYPES = [
    FORM,
    f"{FORM}; charset=utf-16",
    f"{FORM}; charset=no-such-charset",
    "application/json",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "///",
    "",
]


@pytest.mark.parametrize("kind", TYPES)
async def test_odd_bodies_never_break_a_page(store: Store, visitor: Visitor, kind: str) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    before = await rows_of(store, activity)
    for path in (person.path, f"{person.path}/account", f"{person.path}/logout"):
        for body in BODIES:
            answer = await visitor.send("POST", path, headers={"Content-Type": kind}, data=body)
            assert 400 <= answer.status < 500, (path, body[:40])
    assert await rows_of(store, activity) == before


@pytest.mark.parametrize("path", ["", "/account", "/logout"])
async def test_a_huge_body_is_refused_unread(store: Store, visitor: Visitor, path: str) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    huge = b"postcode=" + b"A" * (10 * 1024 * 1024)
    headers = {"Content-Type": FORM}
    answer = await visitor.send("POST", person.path + path, headers=headers, data=huge)
    assert answer.status == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"A" * 65_536

    answer = await visitor.send("POST", person.path + path, headers=headers, data=chunks())
    assert answer.status == 413


async def test_a_huge_notice_is_refused(visitor: Visitor) -> None:
    answer = await visitor.send("POST", "/payments/sandbox/webhook", data=b"x" * 10_485_760)
    assert answer.status == 413


PATHS = [
    "/p/",
    "/p/x",
    "/p/%00",
    "/p/%ff%fe",
    "/p/%ED%A0%80",
    "/p/" + "a" * 5_000,
    "/p/%2e%2e%2f%2e%2e",
    "/p/0000000000000000000000%0a",
    "/p/' OR 1=1 --",
    "/p/0000000000000000000000/nothing",
    "/portal/return/x",
    "/portal/return/00000000-0000-0000-0000-000000000000",
    "/portal/return/%00",
    "/portal/other.css",
    "/sandbox/pay/x",
    "/sandbox/pay/%00",
    "/payments/x/webhook",
]


@pytest.mark.parametrize("path", PATHS)
async def test_odd_paths_are_not_found(store: Store, visitor: Visitor, path: str) -> None:
    visitor.cookies["__Host-session"] = "x"
    for method in ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = await visitor.send(method, path, headers={"Content-Type": FORM}, data=b"")
        assert answer.status in (403, 404, 405, 429), (method, answer.status)
    assert await rows_of(store, activity) == []


COOKIES = ["", "x", "é", "a" * 4_000, '"quoted"', "a,b", "%00"]


@pytest.mark.parametrize("cookie", COOKIES)
async def test_odd_cookies_are_no_session(store: Store, visitor: Visitor, cookie: str) -> None:
    person = await place(store)
    visitor.cookies["__Host-session"] = cookie
    answer = await visitor.get(f"{person.path}/account")
    assert (answer.status, answer.location) == (303, person.path)


ODD_QUERIES = ["payment=x", "payment=", "payment=%00", "payment=%ff", "payment=1&payment=2", "x=y"]


@pytest.mark.parametrize("query", ODD_QUERIES)
async def test_odd_queries_find_nothing(store: Store, visitor: Visitor, query: str) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    assert (await visitor.get(f"{person.path}/result?{query}")).status == 404


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from([*FACTS, "choice", "amount", "form", "shown"]), st.text()))
def test_no_fields_break_the_reading_of_forms(fields: dict[str, str]) -> None:
    from gateway.portal.forms import LONGEST, clean

    for value in fields.values():
        kept = clean(value)
        assert kept.replace("\n", "").isprintable()
        assert len(kept) <= LONGEST
        kept.encode()


@both_stores
async def test_a_session_opens_its_own_link_alone(store: Store, visitor: Visitor) -> None:
    """Another customer's, another client's, and another link of the same customer."""
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="full")
    for stranger in (await place(store), await place(store, "agency")):
        for answer in (
            await visitor.get(f"{stranger.path}/account"),
            await visitor.get(f"{stranger.path}/result"),
            await visitor.post(f"{stranger.path}/account", form),
            await visitor.post(f"{stranger.path}/logout", form),
        ):
            assert (answer.status, answer.location) == (303, stranger.path)
    assert await rows_of(store, payments) == []


@both_stores
async def test_a_payment_shows_to_its_own_visitor_alone(
    store: Store, visitor: Visitor, other: Visitor
) -> None:
    person, stranger = await place(store), await place(store)
    await visitor.sign_in(person)
    await visitor.start_payment(person, choice="full")
    (payment,) = await rows_of(store, payments)
    await other.sign_in(stranger)
    for path in (
        f"/portal/return/{payment.id}",
        f"{stranger.path}/result?payment={payment.id}",
        f"{stranger.path}/result",
    ):
        assert (await other.get(path)).status == 404
    assert (await visitor.get(f"/portal/return/{payment.id}")).status == 303


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "https://pay.example.evil.example"},
    {"Origin": "http://pay.example"},
    {"Origin": "https://pay.example", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_sites_form_is_refused(
    store: Store, visitor: Visitor, headers: dict[str, str]
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="full")
    for path, fields in (
        (person.path, FACTS),
        (f"{person.path}/account", form),
        (f"{person.path}/logout", form),
    ):
        assert (await visitor.post(path, fields, **headers)).status == 403
    assert await rows_of(store, payments) == []


async def test_our_own_origin_is_taken(store: Store, visitor: Visitor) -> None:
    person = await place(store)
    answer = await visitor.post(person.path, FACTS, Origin="https://pay.example")
    assert answer.status == 303


@pytest.mark.parametrize("csrf", [None, "", "x", "é", "\x00"])
async def test_a_form_without_its_token_is_refused(
    store: Store, visitor: Visitor, csrf: str | None
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    form = await visitor.pay_form(person, choice="full")
    form.pop("csrf")
    if csrf is not None:
        form["csrf"] = csrf
    for path in ("/account", "/logout"):
        assert (await visitor.post(person.path + path, form)).status == 403
    assert await rows_of(store, payments) == []


async def test_another_sessions_token_is_refused(
    store: Store, visitor: Visitor, other: Visitor
) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    await other.sign_in(person)
    stolen = await other.pay_form(person, choice="full")
    assert (await visitor.post(f"{person.path}/account", stolen)).status == 403


@pytest.mark.parametrize("form_id", ["", "x", "0" * 36, "'" * 36])
async def test_a_made_up_form_id_is_refused(store: Store, visitor: Visitor, form_id: str) -> None:
    person = await place(store)
    await visitor.sign_in(person)
    answer = await visitor.start_payment(person, choice="full", form=form_id)
    assert answer.status == 400


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the service's own log says, with its tracebacks."""
    lines = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(lines),
    )
    yield lines
    structlog.reset_defaults()


@both_stores
async def test_no_secret_in_logs_activity_or_inbox(
    store: Store,
    visitor: Visitor,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    logged: io.StringIO,
) -> None:
    """Through a whole journey with failures in it, at the most talkative log level."""
    caplog.set_level(logging.DEBUG)
    person = await place(store)
    await visitor.prove(person, day="15")
    await visitor.sign_in(person)
    session = dict(visitor.cookies)["__Host-session"]
    checkout = await visitor.start_payment(person, choice="other", amount="5")
    await visitor.post(checkout.location, {"card": "4242424242424242"})
    await visitor.get(f"{person.path}/nothing")
    await visitor.send("BREW", person.path)
    site.throttles.prefetches.limit = 0
    object.__setattr__(site, "client_config", {}.__getitem__)
    assert (await visitor.get(person.path)).status == 500
    assert "portal.page_failed" in logged.getvalue()  # the logs are really being caught
    assert "BadHttpMethod" in caplog.text
    kept = [str(row) for table in (activity, inbox) for row in await rows_of(store, table)]
    # The year of birth: random ids may have such digits, and begin with others.
    born = r"(?<![0-9a-f-])1985"
    for secret in (person.token, session, "SW1A", born, "4242424242"):
        for told in (caplog.text, logged.getvalue(), *kept):
            assert re.search(secret, told) is None, secret
    assert await events(store, "payment.settled")
