"""Addresses as reports write them: typed, encoded, in brackets, or within a line of words."""

import re

ADDRESS = re.compile(
    r"""(?:"[^"\s@<>]{1,64}"|[^\s<>"'(),:;\[\]@\\=（）【】「」、。，：；]?[^\s<>"(),:;\[\]@\\（）【】「」、。，：；]{1,127})
        @(?:\[[0-9A-Fa-f.:]{3,45}\]|[^\W_](?:[\w.-]{0,252}[^\W_])?)""",
    re.VERBOSE,
)
"""One address in running text; a local part may hold any sign that is no delimiter."""

_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_UNICODE_FORM = re.compile(r"\\x\{([0-9A-F]{2,6})\}", re.IGNORECASE)
_X400_PART = re.compile(r"/([\w.]+)=([^/;]*)")
_RFC822_OF_X400 = re.compile(r"(?:RFC-?822|SMTP)[=*:]", re.IGNORECASE)
_X400_SIGN = re.compile(r"\((a|p|q|c|b|u|l|r|\d{3})\)", re.IGNORECASE)
_X400_SIGNS = {"a": "@", "p": "%", "q": '"', "c": ":", "b": "!", "u": "_", "l": "(", "r": ")"}
_EXCHANGE = re.compile(r"IMCEA(?:SMTP|INVALID|EX|NOTES)-", re.IGNORECASE)
_EXCHANGE_SIGN = re.compile(r"\+([0-9A-F]{2})", re.IGNORECASE)
_LONGEST = 2000


def first_address(text: str) -> str | None:
    """The first address in a line of words, without brackets, quotes and a trailing dot."""
    found = ADDRESS.search(text[:_LONGEST])
    return tidy(found.group()) if found else None


def tidy(address: str) -> str:
    """Without what stuck to it in a sentence; the domain in lower case, the local part as it is."""
    local, _, domain = address.strip("<>'`*|").rpartition("@")
    for prefix in ("mailto:", "smtp:", "rfc822;", "rfc822:"):
        if local.lower().startswith(prefix):
            local = local[len(prefix) :]
    return f"{local}@{domain.rstrip('.-').lower()}"


def typed(value: str) -> str | None:
    """The address of an Original- or Final-Recipient (RFC 3464, 2.3): `type; address`.

    Types are rfc822, utf-8 (RFC 6533, with `\\x{..}`), x400 (RFC 2156) and what systems make up;
    xtext (RFC 3461, 4) is undone where it stands for an address. None where no address is in it.
    """
    value = value[:_LONGEST].strip()
    kind, mark, rest = value.partition(";")
    kind, rest = (kind.strip().lower(), rest.strip()) if mark else ("", value)
    if "x400" in kind.replace(".", "").replace("-", "") or rest.startswith("/"):
        found = _of_x400(rest)
        if found:
            return found
    rest = _UNICODE_FORM.sub(_from_hex, rest)
    if _EXCHANGE.match(rest.lstrip("<")):
        rest = _of_exchange(rest.lstrip("<"))
    found = first_address(rest)
    if found is None and "@" not in rest:
        found = first_address(_XTEXT.sub(_from_hex, rest))
    if found is None and rest.count("@") == 1:
        bare = rest.split()[0].strip("<>")
        found = bare if bare.strip("@") != "" and "@" in bare else None
    if found is not None and _EXCHANGE.match(found):
        return None
    return found


def plain_xtext(address: str) -> str:
    """An ORCPT's address with RFC 3461's xtext undone, where that leaves one address."""
    undone = _XTEXT.sub(_from_hex, address)
    return undone if undone.count("@") == 1 and ADDRESS.fullmatch(undone) else address


def _from_hex(found: re.Match[str]) -> str:
    try:
        return chr(int(found.group(1), 16))
    except (ValueError, OverflowError):
        return found.group()


def _of_x400(value: str) -> str | None:
    """RFC 2156: a domain-defined attribute may hold the internet address: (a) for @."""
    held = _RFC822_OF_X400.search(value)
    if held is not None:
        inner = _X400_SIGN.sub(_x400_sign, value[held.end() :].split("/", maxsplit=1)[0])
        found = first_address(inner)
        if found is not None:
            return found
    parts = {key.upper(): text for key, text in _X400_PART.findall(value)}
    surname, given = parts.get("S"), parts.get("G")
    if surname and "@" in value:
        found = first_address(value)
        if found is not None and "/" not in found:
            return found
        domain = value.rpartition("@")[2]
        return tidy(f"{given + '.' if given else ''}{surname}@{domain}")
    return first_address(value)


def _x400_sign(found: re.Match[str]) -> str:
    sign = found.group(1).lower()
    return chr(int(sign)) if sign.isdigit() else _X400_SIGNS[sign]


def _of_exchange(value: str) -> str:
    """Exchange encapsulates foreign addresses: IMCEASMTP-anna+40example+2Ecom@gateway."""
    local = value.rpartition("@")[0] or value
    local = _EXCHANGE.sub("", local, count=1)
    return _EXCHANGE_SIGN.sub(_from_hex, local.replace("_", "/"))
