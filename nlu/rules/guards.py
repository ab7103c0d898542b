"""What the model alone may not call an opt-out: stopping something that is no message."""

import re

_OTHER_THINGS = re.compile(
    r"\b(?:interest|fees?|charges?|bills?|plan|payments?|debits?|standing order|court|job|cards?|order|subscription|account|"
    r"balance|debt|service|interes|pago|plan de pagos|end of|by the end|mother|mom|mum|boss|work|deposit|wages|garnish\w*|school)\b"
)
_MESSAGES = re.compile(
    r"\b(?:text|message|email|e-mail|sms|contact|list|notif|alert|reminder|unsub|opt|number|spam|mensaj|texto|corre|lista|llam|"
    r"call|bother|alone|communicat|reach|hear from|writ|mail|phone)"
)


def about_something_else(plain_text: str) -> bool:
    """True where the text speaks of bills, plans or debits and of no message at all."""
    return _OTHER_THINGS.search(plain_text) is not None and _MESSAGES.search(plain_text) is None
