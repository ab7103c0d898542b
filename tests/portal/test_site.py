"""Without TLS, as on a developer's machine, and behind proxies."""

from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from domain.context import Brand
from gateway.portal import Site, routes
from gateway.portal.pages import dialled, locale_of
from gateway.storage import Store
from tests.portal.people import place
from tests.portal.visitor import Visitor


async def test_without_tls_the_cookie_works_and_no_one_is_told_to_use_tls(
    store: Store, site: Site
) -> None:
    plain = replace(site, public_url="http://127.0.0.1:8080")
    app = web.Application()
    app.add_routes(routes(plain))
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        visitor = Visitor(client, plain)
        person = await place(store)
        answer = await visitor.prove(person)
        assert "Secure" not in answer.headers["Set-Cookie"]
        assert "HttpOnly" in answer.headers["Set-Cookie"]
        assert set(visitor.cookies) == {"session"}
        assert "Strict-Transport-Security" not in answer.headers
        assert (await visitor.get(answer.location)).status == 200


FORWARDED = [
    (0, "9.9.9.9", "1.2.3.4"),  # nobody is trusted: the header is the visitor's own word
    (1, "8.8.8.8, 9.9.9.9", "9.9.9.9"),
    (2, "7.7.7.7, 8.8.8.8, 9.9.9.9", "8.8.8.8"),
    (2, "9.9.9.9", "1.2.3.4"),  # it did not come through both
    (1, "x" * 1_000, "x" * 64),
]


@pytest.mark.parametrize(("proxies", "header", "visitor"), FORWARDED)
async def test_who_counts_as_the_visitor(
    site: Site, proxies: int, header: str, visitor: str
) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": header})
    request = request.clone(remote="1.2.3.4")
    assert replace(site, proxies=proxies).visitor(request) == visitor


@pytest.mark.parametrize(
    ("name", "shown"), [("en-GB", "en_GB"), ("en_US", "en_US"), ("xx-YY", "en"), ("", "en")]
)
def test_locales(name: str, shown: str) -> None:
    assert str(locale_of(name)) == shown


def test_a_phone_link_holds_digits_alone() -> None:
    assert dialled(Brand("x", phone="+1 202-555-0143 (free)")) == "+12025550143"
    assert dialled(Brand("x")) is None
