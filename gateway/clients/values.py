"""Values that must not stand in a file: secrets, by their look or by their key."""

import re
from collections.abc import Iterator
from typing import Any

from gateway.clients.findings import Flaw, Location

_LOOKS = re.compile(
    r"""whsec_\w{8}                              # Standard Webhooks
      | \b(?:sk|rk)_(?:live|test)_\w{8}          # payment providers
      | \b(?:AKIA|ASIA)[A-Z0-9]{12}              # Amazon Web Services
      | \bSK[0-9a-f]{32}\b                       # Twilio API keys
      | \bgh[pousr]_\w{20} | \bxox[abprs]-\w{8}  # GitHub, Slack
      | \beyJ[\w-]{8,}\.[\w-]{8,}\.              # JSON web tokens
      | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
      | ://[^/\s:@]+:[^/\s@]+@                   # a password in a URL
      | [?&](?i:\w*(?:token|secret|password|api_?key|signature))=[^&\s]   # or in its query
    """,
    re.VERBOSE,
)
_KEYS = re.compile(r"(?i)(secret|password|passwd|token|api_?key|private_?key|credential)s?$")
_NAMED = re.compile(r"env:")

MEND = (
    "put it into an environment variable and write env:NAME here;"
    " renew it, whoever could read the file knows it"
)


def secrets_in(value: Any, at: Location = ()) -> Iterator[Flaw]:
    """A flaw for each secret that stands in a file's data. None of them shows it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from secrets_in(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from secrets_in(inner, (*at, number))
    elif isinstance(value, str) and _is_secret(value, next(_words(at), "")):
        yield Flaw(at, "secret-value", "a secret stands in the file", MEND)


def _words(at: Location) -> Iterator[str]:
    """The keys above a value, the nearest first."""
    return (part for part in reversed(at) if isinstance(part, str))


def _is_secret(text: str, key: str) -> bool:
    if _LOOKS.search(text):
        return True
    return bool(text and _KEYS.search(key) and not _NAMED.match(text))
