"""Mails in files, one at a time."""

import mailbox
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.archives import LINE, Unreadable, mails_in

BIG = 10_000_000
FROM = b"From ada@post.example Sat Jan  3 01:05:34 1996\n"


def raws(path: Path, largest: int = BIG) -> list[bytes | None]:
    return [filed.raw for filed in mails_in(path, largest)]


def mbox(folder: Path, data: bytes) -> Path:
    path = folder / "all.mbox"
    path.write_bytes(data)
    return path


def test_an_mbox(tmp_path: Path) -> None:
    data = (
        FROM + b"Subject: one\n\nFrom now on I pay.\n>From here\n>>From there\n\n"
        + FROM + b"Subject: two\n\nhi\nFrom a@b Sat Jan  3 01:05:34 1996\n\n"
        + FROM + b"\n" + FROM + b"Subject: four\r\n\r\nno end"
    )  # fmt: skip
    assert raws(mbox(tmp_path, data)) == [
        b"Subject: one\n\nFrom now on I pay.\nFrom here\n>From there\n",
        b"Subject: two\n\nhi\nFrom a@b Sat Jan  3 01:05:34 1996\n",
        b"",
        b"Subject: four\r\n\r\nno end",
    ]
    first, second, *_ = mails_in(tmp_path / "all.mbox", BIG)
    assert first.where == f"{tmp_path / 'all.mbox'}, byte 0"
    assert second.where.endswith(f"byte {data.index(FROM, 10)}")


MAIL = st.binary(max_size=200).map(
    lambda body: b"Subject: x\n\n" + body.replace(b"\r", b"") + b"\n"
)


@given(st.lists(MAIL, min_size=1, max_size=5))
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, mails: list[bytes]
) -> None:
    """As mboxrd writes it: lines that begin with From are marked by one more >."""
    import re

    written = b"".join(FROM + re.sub(rb"(?m)^(>*From )", rb">\1", each) + b"\n" for each in mails)
    path = mbox(tmp_path_factory.mktemp("mbox"), written)
    assert raws(path) == mails


def test_the_standard_library_writes_what_we_read(tmp_path: Path) -> None:
    path = tmp_path / "written.mbox"
    box = mailbox.mbox(path)
    for number in range(3):
        box.add(f"Subject: {number}\n\nFrom me to you\n")
    box.close()
    assert raws(path) == [f"Subject: {number}\n\nFrom me to you\n".encode() for number in range(3)]


def test_too_large_a_mail_is_named_and_not_held(tmp_path: Path) -> None:
    path = mbox(tmp_path, FROM + b"a\n\n" + FROM + b"b" * (3 * LINE) + b"\n\n" + FROM + b"c\n")
    assert raws(path, largest=LINE) == [b"a\n", None, b"c\n"]
    assert raws(path) == [b"a\n", b"b" * (3 * LINE) + b"\n", b"c\n"]


def test_a_long_line_is_no_end_of_a_mail(tmp_path: Path) -> None:
    """A piece of a line that looks like the beginning of a mail is none."""
    body = b"x" * LINE + FROM
    assert raws(mbox(tmp_path, FROM + b"\n" + body)) == [b"\n" + body]


def test_a_maildir(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    for number in range(3):
        box.add(f"Subject: {number}\n\nhello\n")
    read = mailbox.MaildirMessage("Subject: read\n\nhello\n")
    read.set_subdir("cur")
    box.add(read)
    (tmp_path / "box" / "tmp" / "half").write_bytes(b"half of a mail")
    found = raws(tmp_path / "box")
    assert sorted(found, key=str) == sorted(
        [*(f"Subject: {n}\n\nhello\n".encode() for n in (0, 1, 2)), b"Subject: read\n\nhello\n"],
        key=str,
    )


def test_eml_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.eml").write_bytes(b"Subject: b\n\n")
    (tmp_path / "a.eml").write_bytes(b"Subject: a\n\n" + b"x" * 100)
    (tmp_path / "notes.txt").write_bytes(b"none")
    assert raws(tmp_path) == [b"Subject: a\n\n" + b"x" * 100, b"Subject: b\n\n"]
    assert raws(tmp_path, largest=50) == [None, b"Subject: b\n\n"]
    assert raws(tmp_path / "deep" / "b.eml") == [b"Subject: b\n\n"]


def test_a_folder_without_mails(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Maildir"):
        mails_in(tmp_path, BIG)


def test_what_is_no_mail_is_refused(tmp_path: Path) -> None:
    for name, raw in {"a.pdf": b"%PDF-1.7\n", "b": b'{"a": 1}\n', "c.mbox": b""}.items():
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(Unreadable, match=f"{name}: neither an mbox nor a mail"):
            mails_in(tmp_path / name, BIG)
    (tmp_path / "broken.eml").write_bytes(b"no field\n")
    (tmp_path / "Saved").write_bytes(b"\n\nSubject: a\n\nb\n")
    assert raws(tmp_path / "broken.eml") == [b"no field\n"]
    assert raws(tmp_path / "Saved") == [b"\n\nSubject: a\n\nb\n"]
