"""When two addresses are one mailbox."""

import string

_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(address: str) -> str:
    """The same for addresses that differ in the case of ASCII letters alone: no mail system of
    today tells mailboxes apart by it. Other letters stay, for "ß" and "ss", or a "K" that is a sign
    for kelvins, are two people's."""
    return address.translate(_SMALL)
