"""The test cards of the sandbox: each plays one thing that may become of a payment.

Their numbers are those of Stripe's own test cards, so that a test means the same at both.
"""

from dataclasses import dataclass

from payment_links.providers import AUTHENTICATION


@dataclass(frozen=True, slots=True)
class Card:
    """What becomes of a payment with it.

    `declined` is why it is declined on the page and afterwards, `later` why it is declined only
    where it was saved and is charged while the customer is elsewhere. `slow` money is authorised
    first and settles with a late notice; a `lost` charge is taken, and its answer never arrives;
    `charged_back` money goes back at once.
    """

    label: str
    declined: str | None = None
    later: str | None = None
    final: bool = False
    slow: bool = False
    lost: bool = False
    charged_back: bool = False


CARDS = {
    "4242424242424242": Card("is approved"),
    "4000000000000002": Card("is declined", declined="declined"),
    "4000000000009995": Card("has too little money", declined="insufficient_funds"),
    "4000000000000069": Card("has expired", declined="expired_card", final=True),
    "4000000000000341": Card("is approved, and declined when charged later", later="declined"),
    "4000000000009987": Card("was lost, as charging it shows", later="lost_card", final=True),
    "4000002500003155": Card("asks its customer when charged later", later=AUTHENTICATION),
    "4000000000000077": Card("settles late", slow=True),
    "4000000000000119": Card("is charged later without an answer", lost=True),
    "4000000000000259": Card("is approved and charged back", charged_back=True),
}
"""Any other is refused, so that nobody types a real one in vain."""


class UnknownCard(ValueError):
    """Not one of the test cards."""


def card_number(typed: str) -> str:
    """Without spaces and dashes. Raises UnknownCard."""
    number = "".join(char for char in typed if char not in " -")
    if number not in CARDS:
        raise UnknownCard("not a test card")
    return number
