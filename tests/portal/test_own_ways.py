"""What a client's file changes of the pages: the facts that are asked, and the host they are on."""

from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clients import ClientConfig
from gateway.clients.model import VerificationPart
from gateway.portal.landing import order
from gateway.storage import Store
from gateway.storage.tables import customers, portal_sessions, verifications
from payment_links.verification import ORDER, Fact, asked
from tests.portal.conftest import PUBLIC
from tests.portal.people import CLIENTS, FACTS, Person, both_stores, events, place, rows_of
from tests.portal.visitor import Visitor

OWN = "pay.water.example"
GOOD = "4242424242424242"


def describe(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> ClientConfig:
    """The water company's file with other parts, in force for one test."""
    values = CLIENTS["water"].model_dump(mode="json", exclude_unset=True) | parts
    config = ClientConfig.model_validate(values)
    monkeypatch.setitem(CLIENTS, "water", config)
    return config


def last_four(person: Person) -> str:
    return "7788"


class TestFacts:
    def test_a_file_may_name_every_fact_there_is(self) -> None:
        (named, _) = get_args(VerificationPart.model_fields["facts"].annotation)
        assert set(get_args(named)) == set(map(str, Fact))
        assert VerificationPart().facts == ORDER

    @given(st.permutations(list(Fact)), st.integers(2, 3), st.sets(st.sampled_from(Fact)))
    def test_the_first_two_that_are_known_are_asked(
        self, facts: list[Fact], most: int, held: set[Fact]
    ) -> None:
        parts = {"verification": {"facts": [str(fact) for fact in facts[:most]]}}
        values = CLIENTS["water"].model_dump(mode="json", exclude_unset=True) | parts
        wanted = asked(dict.fromkeys(held, "x"), order(ClientConfig.model_validate(values)))
        usable = [fact for fact in facts[:most] if fact in held]
        assert wanted == (tuple(usable[:2]) if len(usable) >= 2 else None)

    @both_stores
    @pytest.mark.parametrize(
        ("facts", "names"),
        [
            (["date_of_birth", "postcode"], ["day", "month", "year", "postcode"]),
            (["last_four", "postcode"], ["last_four", "postcode"]),
            (["last_four", "date_of_birth", "postcode"], ["last_four", "day", "month", "year"]),
        ],
    )
    async def test_the_page_asks_for_them_and_takes_no_others(
        self,
        store: Store,
        visitor: Visitor,
        monkeypatch: pytest.MonkeyPatch,
        facts: list[str],
        names: list[str],
    ) -> None:
        describe(monkeypatch, verification={"facts": facts})
        person = await place(store)
        page = (await visitor.get(person.path)).page
        assert [field["name"] for field in page.all("input")] == names
        right = FACTS | {"last_four": last_four(person)}
        wrong = {"postcode": "N1 1AA", "day": "15", "last_four": "0000"}
        for name in names:
            if name not in wrong:
                continue
            given = {key: right[key] for key in names} | {name: wrong[name]}
            assert "does not match" in (await visitor.post(person.path, given)).page.text
        unasked = {key: value for key, value in right.items() if key not in names[:1]}
        assert (await visitor.post(person.path, unasked)).status == 422
        answer = await visitor.post(person.path, {key: right[key] for key in names})
        assert (answer.status, answer.location) == (303, f"{person.path}/account")
        [(_, verified)] = await events(store, "portal.verified")
        assert verified["facts"] == facts[:2]

    async def test_too_few_of_the_named_facts_need_a_person(
        self, store: Store, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another fact is known, and would do by default; this client does not take it."""
        describe(monkeypatch, verification={"facts": ["date_of_birth", "last_four"]})
        person = await place(store, date_of_birth=None)
        assert "can't confirm who you are" in (await visitor.get(person.path)).page.text
        given = FACTS | {"last_four": last_four(person)}
        answer = await visitor.post(person.path, given)
        assert "can't confirm who you are" in answer.page.text
        assert await rows_of(store, portal_sessions) == []

    async def test_a_fact_that_is_lost_meanwhile_opens_nothing(
        self, store: Store, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        describe(monkeypatch, verification={"facts": ["postcode", "last_four"]})
        person = await place(store, postcode=None)
        answer = await visitor.post(person.path, FACTS | {"last_four": last_four(person)})
        assert "can't confirm" in answer.page.text
        (customer,) = await rows_of(store, customers)
        assert customer.postcode is None
        assert await rows_of(store, portal_sessions) == []

    async def test_a_change_of_the_file_between_page_and_answer_counts_no_failure(
        self, store: Store, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person = await place(store)
        await visitor.get(person.path)
        describe(monkeypatch, verification={"facts": ["last_four", "postcode"]})
        answer = await visitor.prove(person)
        assert answer.status == 422
        assert "last 4 characters" in answer.page.text
        assert await rows_of(store, verifications) == []


class TestHost:
    @pytest.fixture(autouse=True)
    def own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        describe(monkeypatch, links={"domain": OWN})

    @both_stores
    @pytest.mark.parametrize(
        ("host", "origin"),
        [
            (OWN, f"https://{OWN}"),
            (f"{OWN.upper()}:443", f"https://{OWN}"),
            ("pay.example", PUBLIC),
            ("10.0.0.7:8080", PUBLIC),
            ("pay.other.example", PUBLIC),
        ],
    )
    async def test_the_whole_way_stays_on_the_host_of_the_cookie(
        self, store: Store, visitor: Visitor, host: str, origin: str
    ) -> None:
        """A link that was sent before the file named a host goes on working where it led."""
        person = await place(store)
        proven = await visitor.post(person.path, FACTS, Host=host, Origin=origin)
        cookie = proven.headers["Set-Cookie"]
        assert cookie.startswith("__Host-session=")
        assert "Secure" in cookie
        assert "Domain" not in cookie  # of this very host, and no other client's
        account = await visitor.get(proven.location, Host=host)
        assert account.status == 200
        form = account.page.hidden() | {"choice": "full"}
        paying = await visitor.post(f"{person.path}/account", form, Host=host, Origin=origin)
        assert paying.headers["Location"].startswith(f"{PUBLIC}/sandbox/pay/")
        assert f" {PUBLIC}" in account.headers["Content-Security-Policy"]
        hosted = await visitor.get(paying.location)
        assert f" {origin}" in hosted.headers["Content-Security-Policy"]
        paid = await visitor.post(paying.location, {"card": GOOD}, Origin=PUBLIC)
        back = urlsplit(paid.headers["Location"])
        assert f"{back.scheme}://{back.netloc}" == origin
        result = await visitor.get((await visitor.get(paid.location, Host=host)).location)
        assert "Payment received" in result.page.text

    @pytest.mark.parametrize(
        ("host", "origin", "status"),
        [
            (OWN, f"https://{OWN}", 303),
            (OWN, PUBLIC, 303),
            (OWN, "null", 303),
            (OWN, f"http://{OWN}", 403),
            (OWN, f"https://{OWN}.evil.example", 403),
            (OWN, f"https://evil.{OWN}", 403),
            (OWN, "https://evil.example", 403),
            ("pay.example", f"https://{OWN}", 403),
        ],
    )
    async def test_forms_of_other_sites_are_refused(
        self, store: Store, visitor: Visitor, host: str, origin: str, status: int
    ) -> None:
        person = await place(store)
        answer = await visitor.post(person.path, FACTS, Host=host, Origin=origin)
        assert answer.status == status

    async def test_redirects_name_no_host(self, store: Store, visitor: Visitor) -> None:
        """So that nobody is sent from one client's host to another's."""
        person = await place(store)
        answer = await visitor.get(f"{person.path}/account", Host=OWN)
        assert answer.headers["Location"] == person.path
        answer = await visitor.post(person.path, FACTS, Host=OWN)
        assert answer.headers["Location"] == f"{person.path}/account"

    async def test_another_clients_way_back_is_its_own(
        self, store: Store, visitor: Visitor
    ) -> None:
        """Whoever opens the agency's link on the water company's host is led to neither's."""
        person = await place(store, "agency")
        await visitor.sign_in(person)
        form = await visitor.pay_form(person, choice="full")
        paying = await visitor.post(f"{person.path}/account", form, Host=OWN)
        paid = await visitor.post(paying.location, {"card": GOOD})
        assert paid.headers["Location"].startswith(f"{PUBLIC}/portal/return/")
