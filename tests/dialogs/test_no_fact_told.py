"""Before verification no rendered response of the shipped packs names a fact of the account."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from compliance.reading import read
from compliance.secrets import named, without_brand
from dialogs.pack import Pack
from dialogs.rendering import Unsayable, render
from dialogs.state import State
from dialogs.turn import Turn
from domain.customers import Account, Customer
from domain.events import LinkOpened
from domain.promise import History
from domain.values import ChannelKind, Money
from gateway.parties.secrets import of_account, of_customer
from tests.dialogs.play import FRIDAY, START, TODAY, a_context

OWN = Money(5_150, "USD")
"""What the customer has named: no account of these has that figure."""

AMOUNTS = st.integers(10_000, 99_999_999).map(lambda minor: Money(minor, "USD"))
NAMES = st.sampled_from(
    ["Will", "May", "Grace", "Day", "Price", "Young", "Best", "Quizzenbury", "Peña"]
)
WORDS = st.sampled_from(
    ["Old Bank N.A.", "card", "store card", "Loan Co", "EE", "O2", "Zebra Bank", "payday loan"]
)
ACCOUNTS = st.builds(
    Account,
    id=st.just("a"),
    ref=st.just("A-1"),
    balance=AMOUNTS,
    minimum_due=st.none() | AMOUNTS,
    arrears=st.none() | AMOUNTS,
    # Not that of the promise, nor of the last day that a promise may have: those may be said.
    due_date=st.none() | st.integers(60, 150).map(lambda days: TODAY - timedelta(days)),
    creditor=st.none() | WORDS,
    product=st.none() | WORDS,
)


@pytest.fixture(scope="module")
def shipped(us: Pack, uk: Pack) -> list[Pack]:
    return [us, uk]


@pytest.mark.parametrize("channel", list(ChannelKind))
@settings(max_examples=12, deadline=None)
@given(ACCOUNTS, NAMES, NAMES, st.booleans())
def test_no_response_names_a_fact(
    shipped: list[Pack],
    channel: ChannelKind,
    account: Account,
    first: str,
    last: str,
    introduced: bool,
) -> None:
    customer = Customer("c", "C-1", first, last)
    secrets = [*of_account(account), *of_customer(customer)]
    for pack in shipped:
        for locale in pack.responses:
            turn = _turn(pack, locale, customer, account, channel, introduced)
            brand = turn.context.brand
            known = f"{brand.name} {brand.phone} {brand.website}"
            hidden = without_brand(secrets, known, TODAY)
            for response in pack.responses[locale]:
                try:
                    said = render(turn, response)
                except Unsayable:
                    continue
                told = named(read(said.text, said.subject, said.html), hidden, TODAY)
                assert told == [], (pack.name, locale, response, said.text)


def _turn(
    pack: Pack,
    locale: str,
    customer: Customer,
    account: Account,
    channel: ChannelKind,
    introduced: bool,
) -> Turn:
    context = a_context(
        channel=channel,
        customer=customer,
        account=account,
        introduced=introduced,
        history=History(active="p", active_amount=OWN, active_date=FRIDAY),
    )
    event = LinkOpened(id="0198c000-0000-7000-8000-000000000001", at=START, link_id="l")
    state = structs.replace(State.fresh(pack, locale), locale=locale)
    turn = Turn(pack, state, event, context)
    turn.event_amount, turn.event_date = account.balance, FRIDAY
    turn.slots |= {"promise_amount": OWN, "promise_date": FRIDAY}
    turn.slots |= {"offer_amount": OWN, "offer_first": FRIDAY}
    return turn


def test_a_fact_that_is_shown_is_found(shipped: list[Pack]) -> None:
    """What the property rests on: the same texts, to a customer who is proven, name the balance."""
    account = Account("a", "A-1", Money(123_456, "USD"))
    customer = Customer("c", "C-1", "Ada", "Quizzenbury", verified=True)
    for pack in shipped:
        for locale in pack.responses:
            turn = _turn(pack, locale, customer, account, ChannelKind.SMS, introduced=True)
            text = read(render(turn, "utter_balance").text)
            assert [s.what for s in named(text, list(of_account(account)), TODAY)] == [
                "the balance"
            ]
