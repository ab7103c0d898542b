"""What a decision may look at: facts read before it, so that it needs no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from msgspec import Struct

from domain.customers import Account, Customer
from domain.links import Purpose
from domain.options import Situation
from domain.promise import History, PromiseRules
from domain.values import ChannelKind


@dataclass(frozen=True, slots=True)
class Brand:
    """How a client names itself to its customers."""

    name: str
    phone: str | None = None
    website: str | None = None


class Context(Struct, frozen=True):
    """Read-only facts of one turn. `account` is the one the conversation is about.

    `link_base` is the URL that ends right before the secret, such as https://pay.example/p/.
    """

    conversation_id: str
    client: str
    brand: Brand
    jurisdiction: str  # US | GB
    locale: str
    currency: str
    customer: Customer
    account: Account | None
    channel: ChannelKind  # the one the customer last wrote or was written to on
    rules: PromiseRules
    history: History
    today: date  # in the customer's zone
    link_base: str
    links: Mapping[Purpose, str] = {}  # the live ones of the account, which are sent again
    facts: Mapping[str, str] = {}  # further client variables
    situation: Situation | None = None  # of the account: what may be offered on it
    introduced: bool = False  # the initial disclosure has really been sent to the customer
    held: str | None = None  # the kind of a hold in force under which nothing may be asked for
