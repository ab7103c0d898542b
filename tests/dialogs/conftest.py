import pytest
from msgspec import structs

from dialogs.loader import load_shipped
from dialogs.pack import Pack
from domain.customers import Account, Customer
from domain.values import ChannelKind, Money
from tests.dialogs.play import Play, a_context


@pytest.fixture(scope="session")
def us() -> Pack:
    return load_shipped("collections-us")


@pytest.fixture(scope="session")
def uk() -> Pack:
    return load_shipped("collections-uk")


@pytest.fixture
def play(us: Pack) -> Play:
    return Play(us)


@pytest.fixture
def verified(us: Pack) -> Play:
    context = a_context()
    return Play(
        us, structs.replace(context, customer=structs.replace(context.customer, verified=True))
    )


@pytest.fixture
def play_uk(uk: Pack) -> Play:
    return Play(
        uk,
        a_context(
            jurisdiction="GB",
            locale="en-GB",
            currency="GBP",
            customer=Customer("c2", "C-2", "Philippa", "Quizzenbury"),
            account=Account("a2", "A-2", Money(43_219, "GBP"), creditor="Zebra Bank"),
            channel=ChannelKind.SMS,
        ),
    )
