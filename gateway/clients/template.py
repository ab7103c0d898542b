"""A client's file to begin with: right as it stands, simulated until its senders are registered."""

import re
from collections.abc import Mapping

TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "US": {
        "locale": "en-US", "currency": "USD", "timezone": "America/New_York",
        "pack": "collections-us", "phone": "+1 202-555-0100", "text": "+12025550100",
        "kind": "10dlc", "evidence": "the campaign's id",
    },
    "GB": {
        "locale": "en-GB", "currency": "GBP", "timezone": "Europe/London",
        "pack": "collections-uk", "phone": "+44 20 7946 0000", "text": "+447700900000",
        "kind": "long_code", "evidence": "the contract",
    },
}  # fmt: skip

_TEXT = """\
# Every key is explained in docs/clients.md; `gateway clients schema` prints it for editors.
# Look at it with `gateway clients lint`, put it in force with `gateway clients apply`.
client: {client}
brand:
  name: {name}
  phone: "{phone}"
jurisdictions: [{jurisdiction}]
locales: [{locale}]
currency: {currency}
timezone: {timezone}
pack: {pack}

# A simulated sender goes nowhere. For texts, add the client's own numbers (docs/senders.md):
#   - channel: sms
#     address: "{text}"
#     via: twilio
#     registration: {{kind: {kind}, reference: {evidence}, date: 2026-01-05}}
#     pace: 1
senders:
  - {{channel: email, address: help@{client}.example, via: simulated-email}}

# Stricter than the jurisdiction's own rules, each with where it comes from.
# contact:
#   weekly_cap: {{limit: 3, source: contract with the client}}

promise:
  minimum_percent: 10    # of the amount due
  minimum_minor: 500     # in minor units: 5.00
  latest_days: 14

plan:
  smallest_minor: 1000
  most: 12

# Other rules for some accounts; the first that fits decides.
# options:
#   - when: context.account.balance > 1000
#     plan: {{most: 24}}

# Outreach over days, by sequences of the pack (docs/sequences.md).
# sequences:
#   - name: early_arrears
#     when: context.account.balance >= 25

links:
  days: 7

# Who is told at once where a customer can't wait for a person.
# alerts:
#   email: [duty@client.example]

# Secrets are named, never written here: set the variable in every process.
# webhooks:
#   - {{url: "https://host.example/outcomes", secret: "env:{variable}_WEBHOOK_SECRET"}}
"""


def template(client: str, jurisdiction: str) -> str:
    """The text of a file. Raises ValueError for an id that no client can have."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,52}[a-z0-9]|[a-z0-9]", client):
        raise ValueError("use small letters, digits and hyphens, such as harbor-recovery")
    words = client.replace("-", " ")
    return _TEXT.format(
        client=client if not client.isdigit() else f'"{client}"',
        name=f'"{words.title()}"',
        jurisdiction=jurisdiction,
        variable="C" * words[0].isdigit() + words.upper().replace(" ", "_"),
        **TEMPLATES[jurisdiction],
    )
