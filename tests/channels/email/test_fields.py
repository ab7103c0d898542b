"""What stands in header fields, and in which letters: as senders write it, not as they should."""

from datetime import UTC, datetime

import pytest

from channels.email.mime.boxes import mailboxes_of
from channels.email.mime.charsets import codec_of, decode
from channels.email.mime.words import ids_of, parameters_of, words_of
from channels.email.parsing import read

WORDS = [
    ("=?utf-8?q?Se=C3=B1or?=", "Señor"),
    ("=?UTF-8?B?U2XDsW9y?= Ruiz", "Señor Ruiz"),
    ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
    ("=?utf-8?q?a?=\t =?iso-8859-1?q?=E9?=", "aé"),
    ("=?utf-8?q?a?= and =?utf-8?q?b?=", "a and b"),
    ("=?utf-8?b?w6k=?=x", "éx"),
    ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),  # one letter over two words
    ("=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "€"),
    ("=?utf-8?q?two words?=", "two words"),  # a space that has no place there
    ("=?utf-8*en?q?lang?=", "lang"),
    ("=?utf-8?b?U2XDsW9y", "=?utf-8?b?U2XDsW9y"),
    ("=?utf-8?b?U2XDsW9?=", "Seño"),
    ("=?nonsense?q?abc?=", "abc"),
    ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    ("=?gb2312?b?xOO6ww==?=", "你好"),
    ("=?iso-2022-jp?b?GyRCJDMkcxsoQg==?=", "こん"),
    ("no words at all", "no words at all"),
]


@pytest.mark.parametrize(("written", "meant"), WORDS)
def test_encoded_words(written: str, meant: str) -> None:
    assert words_of(written) == meant
    assert read(f"Subject: {written}\n\n".encode()).subject == " ".join(meant.split())


BOXES = [
    ("ana@Shop.EXAMPLE", [("", "ana@shop.example")]),
    ("Ana Ruiz <Ana@shop.example>", [("Ana Ruiz", "Ana@shop.example")]),
    ('"Ruiz, Ana" <ana@shop.example>', [("Ruiz, Ana", "ana@shop.example")]),
    ("Ruiz, Ana <ana@shop.example>", [("Ruiz, Ana", "ana@shop.example")]),
    ("ana@shop.example (Ana)", [("Ana", "ana@shop.example")]),
    ("=?utf-8?q?Ana=2C_Ruiz?= <a@b.example>", [("Ana, Ruiz", "a@b.example")]),
    ("<ana@shop.example", [("", "ana@shop.example")]),
    ("<<ana@shop.example>>", [("", "ana@shop.example")]),
    ("Ana <mailto:ana@shop.example>", [("Ana", "ana@shop.example")]),
    ("<@relay.example:ana@shop.example>", [("", "ana@shop.example")]),
    ("'Ana' <ana@shop.example>", [("Ana", "ana@shop.example")]),
    ('"a\\"b" <ana@shop.example>', [('a"b', "ana@shop.example")]),
    ('"two words"@shop.example', [("", '"two words"@shop.example')]),
    ("us: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
    ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
    ('"ana@work.example" <ana@shop.example>', [("ana@work.example", "ana@shop.example")]),
    ("Ana ana@shop.example", [("Ana", "ana@shop.example")]),
    ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
    ("Ana (work <ana@shop.example>", [("Ana (work", "ana@shop.example")]),
    ('Ana "the boss <ana@shop.example>', [('Ana "the boss', "ana@shop.example")]),
    ("Ana <the boss> <ana@shop.example>", [("Ana the boss", "ana@shop.example")]),
    ("<a@x.example, <b@x.example>", [("", "a@x.example"), ("", "b@x.example")]),
    ('"ana@work.example" ana@shop.example', [("ana@work.example", "ana@shop.example")]),
    ("ana @ shop.example", [("", "ana@shop.example")]),
    ("ana(me)@shop.example (Ana)", [("meAna", "ana@shop.example")]),
    ('=?utf-8?q?Ruiz,_"Ana"?= <a@b.example>', [('Ruiz, "Ana', "a@b.example")]),
    ("=?utf-8?q?Ana_=3Cana=40shop.example=3E?=", [("Ana", "ana@shop.example")]),
    ("=?utf-8?q?ana=40shop.example?=", [("", "ana@shop.example")]),
    ("=?utf-8?q?evil=40x.example?= <ana@shop.example>", [("evil@x.example", "ana@shop.example")]),
    ("<=?utf-8?q?ana=40shop.example=0D=0ABcc:x=40y?=>", [("", "ana@shop.exampleBcc:x@y")]),
    ("=?utf-8?q?Ana=0D=0ABcc:_x?= <a@b.example>", [("Ana Bcc: x", "a@b.example")]),
    ("a@b.example, c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
    ("us:a@b.example;, them:;, c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
    ('"two words"@shop.example, b@x', [("", '"two words"@shop.example'), ("", "b@x")]),
    ("ana@M\u00dcLLER.example", [("", "ana@m\u00fcller.example")]),
    ("undisclosed-recipients:;", []),
    ("", []),
]


@pytest.mark.parametrize(("written", "meant"), BOXES)
def test_mailboxes(written: str, meant: list[tuple[str, str]]) -> None:
    assert mailboxes_of(written) == meant


PARAMETERS = [
    ('text/plain; charset="utf-8"', {"charset": "utf-8"}),
    ("Text/Plain; CHARSET=utf-8 ; format=flowed", {"charset": "utf-8", "format": "flowed"}),
    ("text/plain; name=my file.pdf", {"name": "my file.pdf"}),
    ('text/plain; name="a;b.pdf"; x=1', {"name": "a;b.pdf", "x": "1"}),
    ("text/plain; name*=utf-8''na%C3%AFve.txt", {"name": "naïve.txt"}),
    ("text/plain; name*0=one; name*1=two", {"name": "onetwo"}),
    ("text/plain; name*1*=%C3%A9; name*0*=utf-8''a", {"name": "aé"}),
    ('text/plain; name="=?utf-8?q?=C3=A9.txt?="', {"name": "é.txt"}),
    ('text/plain; name="open', {"name": "open"}),
    ("text/plain;;; ; charset=x", {"charset": "x"}),
]


@pytest.mark.parametrize(("written", "meant"), PARAMETERS)
def test_parameters(written: str, meant: dict[str, str]) -> None:
    kind, found = parameters_of(written)
    assert (kind, dict(found)) == ("text/plain", meant)


CHARSETS = [
    (b"caf\xc3\xa9", "utf-8", "café"),
    (b"caf\xe9", "utf-8", "café"),  # it says so and has none of it
    (b"caf\xe9", "us-ascii", "café"),
    (b"caf\xc3\xa9", "us-ascii", "café"),
    (b"caf\xe9", None, "café"),
    ("café – 5 €".encode(), "iso-8859-1", "café – 5 €"),
    ("café".encode(), "windows-1252", "café"),
    (b"\x93quoted\x94", "iso-8859-1", "\u201cquoted\u201d"),
    (b"\xc4\xe3\xba\xc3", "gb2312", "你好"),
    (b"\x82\xb1", "shift_jis", "こ"),
    (b"\xb3\xaa", "ks_c_5601-1987", "나"),
    (b"\xfe", "iso-8859-9", "ş"),
    (b"Hi +AOk-", "utf-7", "Hi é"),
    (b"\xd0\xcf", "koi8-r", "по"),
    (b"\xef", "windows-1251", "п"),
    (b"\xff\xfeh\0i\0", "utf-16", "hi"),
    (b"\xef\xbb\xbfhi", "utf-8", "hi"),
    (b"hi there", "utf-16", "hi there"),
    (b"h\0i\0", "utf-16le", "hi"),
    ("café".encode(), "utf-7", "café"),
    ("café".encode(), "iso-2022-jp", "café"),
    (b"caf\xe9", "x-nothing-known", "café"),
    (b"abc", "rot13", "abc"),
    (b"abc", "idna", "abc"),
    (b"a\0b", "utf-8", "ab"),
]


@pytest.mark.parametrize(("data", "charset", "meant"), CHARSETS)
def test_character_sets(data: bytes, charset: str | None, meant: str) -> None:
    assert decode(data, charset) == meant


@pytest.mark.parametrize(
    "name", ["idna", "punycode", "zlib", "hex", "rot13", "\0", "é", "undefined"]
)
def test_codecs_that_are_no_character_sets_are_none(name: str) -> None:
    assert codec_of(name) is None


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("<a@x.example>", ["a@x.example"]),
        ("<a@x.example>\t<b@x.example> <a@x.example>", ["a@x.example", "b@x.example"]),
        ("Your mail of Monday <a@x.example>", ["a@x.example"]),
        ("a@x.example b@x.example", ["a@x.example", "b@x.example"]),
        ("<[abc]@x.example>", ["[abc]@x.example"]),
        ("< a@x\n .example>", ["a@x.example"]),
        ("nothing", []),
    ],
)
def test_ids(value: str, meant: list[str]) -> None:
    assert ids_of(value) == meant


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (b"Tue, 1 Dec 2026 10:00:00 +0100", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        (b"1 Dec 2026 10:00:00 -0000", datetime(2026, 12, 1, 10, tzinfo=UTC)),
        (b"Tue, 99 Foo 2026", None),
        (b"Tue, 1 Dec 99999 10:00:00 +9999", None),
        (b"Tue, 1 Dec 2026 10:00:00 +9999", datetime(2026, 12, 1, 10, tzinfo=UTC)),
        (b"Thu, 1 Jan 0200 00:00:00 +1400", None),
        (b"Thu, 1 Jan 1970 00:00:00 +1400", None),
        (b"Fri, 31 Dec 9999 23:59:59 -1200", None),
        (b"Tue, 1 Dec 2026 25:61:61 +0000", None),
        ("Tue, \u0661 Dec 2026 10:00:00 +0000".encode(), datetime(2026, 12, 1, 10, tzinfo=UTC)),
        (b"Tue, 1 Dec 2026 10:00:00 +0100 (" + b"(" * 5000, datetime(2026, 12, 1, 9, tzinfo=UTC)),
        (b"", None),
    ],
)
def test_dates(line: bytes, meant: datetime | None) -> None:
    assert read(b"Date: " + line + b"\n\n").date == meant
