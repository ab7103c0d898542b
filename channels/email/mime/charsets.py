"""Bytes as text, whatever they say that they are."""

import codecs
import re

from channels.clean import clean

_WIDER = {
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "646": "cp1252",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-8-i": "cp1255", "iso-8859-8": "cp1255",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "euc-cn": "gb18030", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "x-euc-jp": "euc_jp", "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "koi8": "koi8_r",
}  # fmt: skip
"""What senders call one thing and mean another by, or a wider one of (WHATWG's Encoding Standard
reads the first ones so, too)."""

_WINDOWS = re.compile(r"(?:x-)?(?:windows|win|cp|ms|ibm|x-cp)[-_ ]?(\d{3,5})")
_NEVER = frozenset(
    ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs")
)
"""Codecs of Python that are no character sets; some are slow, too."""
_CONTROLS = {
    code: bytes((code,)).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
"""What Windows-1252 has where Latin-1 has controls."""
_REPLACEMENT = "\ufffd"


def codec_of(name: str | None) -> str | None:
    """Python's codec for a character set's name; None where there is none."""
    if not name:
        return None
    wanted = name.strip().strip("\"'").lower()[:60]
    windows = _WINDOWS.fullmatch(wanted)
    wanted = f"cp{windows[1]}" if windows else _WIDER.get(wanted, wanted)
    if not wanted.isascii() or "\0" in wanted:
        return None
    try:
        found = codecs.lookup(wanted).name
        "".encode(found)  # compressors and the like are no text encodings
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError):
        return None
    return None if found in _NEVER else found


def decode(data: bytes, charset: str | None, otherwise: str | None = None) -> str:
    """As `charset` says; else as UTF-8 where it is, else as `otherwise`, else as Windows-1252.

    Without NUL and lone surrogates; what does not fit is U+FFFD.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return clean(data.decode("utf-16", "replace"))
    codec = codec_of(charset)
    if codec is not None and not _fits(data, codec):
        codec = None
    if codec is None or (codec == "cp1252" and charset and "ascii" in charset.lower()):
        return clean(_guessed(data, codec_of(otherwise)))
    if codec == "utf-8":
        return clean(_utf8(data))
    return clean(_western(data) if codec == "cp1252" else _by(data, codec))


def _fits(data: bytes, codec: str) -> bool:
    """Whether it can be what its sender calls it, by the bytes alone."""
    if codec.startswith(("utf-16", "utf-32")):
        return b"\0" in data or not data.isascii()
    return data.isascii() or not codec.startswith(("iso2022", "hz", "utf-7"))


def _guessed(data: bytes, codec: str | None) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        wide = codec is None or codec.startswith(("utf", "cp1252"))  # these would have no ASCII
        return _windows(data) if wide or codec is None else _by(data, codec)


def _utf8(data: bytes) -> str:
    """One that says so and has not a single sequence of it is a Western one."""
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    wrong = text.count(_REPLACEMENT)
    if wrong and wrong == sum(not char.isascii() for char in text):
        return _windows(data)
    return text


def _western(data: bytes) -> str:
    """What says that it is Latin-1 and is UTF-8 throughout is that: nobody writes such pairs."""
    if data.isascii():
        return data.decode("ascii")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return _windows(data)


def _windows(data: bytes) -> str:
    """Its five undefined bytes are Latin-1's controls, as browsers have it."""
    return data.decode("latin-1").translate(_CONTROLS)


def _by(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError, LookupError):  # some multi-byte codecs raise all the same
        return _windows(data)
