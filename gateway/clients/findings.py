"""What is wrong with a client's file: where, why, and how to mend it."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

CODES: Mapping[str, str] = {
    "file-missing": "there is no such file",
    "file-read": "the file can't be read",
    "file-size": "the file is too big",
    "yaml": "the file is not YAML",
    "yaml-feature": "anchors, tags, repeated keys and several documents in one file are not read",
    "unknown-key": "no client has such a key",
    "missing-key": "a key that every client needs is missing",
    "missing-source": "a contact rule does not say where it comes from",
    "value": "a value is of the wrong kind or out of its range",
    "secret-value": "a secret stands in the file; secrets are named, as env:NAME",
    "bounds": "two bounds contradict each other",
    "condition": "a condition makes no sense",
    "never-applies": "a rule that no account can ever meet, or only after another has taken it",
    "looser": "a contact rule allows more than the jurisdiction's own",
    "approval": "a named approval of a looser contact rule is incomplete",
    "twice": "something stands twice that may stand once",
    "client-twice": "two files describe one client",
    "sender-twice": "an address is a sender of two clients",
    "registration": "a sender would go live without evidence that it may",
    "provider": "a sender goes via a provider that there is not",
    "pack": "the dialog pack can't be used, or not by this client",
    "flow": "the dialog pack has no such flow",
    "shortener": "links go through a public shortener, which carriers block",
    "retention": "records are kept for less time than the jurisdiction asks",
}
"""Every code that a finding can have, with its meaning. Codes are stable."""


class Finding(Struct, frozen=True, order=True):
    """`line` and `column` count from 1, `pointer` is a JSON pointer (RFC 6901) into the file."""

    file: str
    line: int
    column: int
    pointer: str
    code: str
    reason: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.code}: {self.pointer or '/'}: {self.reason}; {self.mend}"


class ConfigurationError(Exception):
    """A setting or client file is wrong; the message names the place and the mend."""


class BadClients(ConfigurationError):
    """Client files that can't be used; `findings` are all that is wrong with them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(map(str, self.findings)))


Location = tuple[str | int, ...]
"""The keys and numbers that lead to a value, from the top."""


class Flaw(Struct, frozen=True):
    """A finding whose place in the file is yet to be looked up."""

    at: Location
    code: str
    reason: str
    mend: str


def pointer(location: Location) -> str:
    """RFC 6901, such as /senders/0/address."""
    return "".join("/" + str(p).replace("~", "~0").replace("/", "~1") for p in location)


TWICE = "it stands twice", "keep one of them"


def twice(at: Location, values: Sequence[Hashable], key: str | None = None) -> Iterator[Flaw]:
    """A flaw at each value that stood before, or at its `key`."""
    seen: Counter[Hashable] = Counter()
    for number, value in enumerate(values):
        seen[value] += 1
        if seen[value] > 1:
            yield Flaw((*at, number, key) if key else (*at, number), "twice", *TWICE)
