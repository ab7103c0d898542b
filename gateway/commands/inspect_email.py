"""gateway inspect email: who wrote a mail, what it says, and what it reports."""

import mailbox
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from channels.email.machines import judge
from channels.email.parsing import read
from channels.email.visible import visible_reply
from domain.mail import Bounced, Complained
from gateway.commands.json_lines import write
from gateway.mail.archives import is_mbox

STANDARD_INPUT = "-"
USAGE = 2


class Inspected(msgspec.Struct, rename={"sender": "from"}):
    """`text` is what was really written, without quotes and signatures; `sender` is an address, or
    empty."""

    file: str
    kind: str
    sender: str
    subject: str
    text: str
    bounces: tuple[Bounced, ...]
    complaint: Complained | None


def inspect_email(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="A mail, an mbox, a Maildir or a folder of mails; - for standard input.",
        ),
    ],
) -> None:
    """Print what each mail is and says as one JSON line.

    Exit 2 where a file can't be read: it is named on stderr, and the others are still printed.
    """
    failed = False
    for name, raw in (each for file in files for each in mails_of(file)):
        if isinstance(raw, OSError):
            sys.stderr.write(f"gateway: {name}: {raw.strerror or raw}\n")
            failed = True
        else:
            write(inspected(name, raw))
    if failed:
        raise typer.Exit(USAGE)


def inspected(name: str, raw: bytes) -> Inspected:
    mail = read(raw)
    judged = judge(mail)
    return Inspected(
        file=name,
        kind=judged.kind.value,
        sender=mail.sender if "@" in mail.sender else "",
        subject=mail.subject,
        text=visible_reply(mail.text, mail.html),
        bounces=judged.bounces,
        complaint=judged.complaint,
    )


def mails_of(file: str) -> Iterator[tuple[str, bytes | OSError]]:
    """Each mail with its name, or why it can't be read: one of an .mbox is `box.mbox:3`, counted
    from 1; those of a folder or a Maildir are its files in the order of their names."""
    path = Path(file)
    try:
        if file == STANDARD_INPUT:
            yield file, sys.stdin.buffer.read()
        elif path.is_dir():
            for each in _files(path):
                yield from mails_of(str(each))
        elif path.suffix == ".mbox" or (not path.suffix and is_mbox(path)):
            path.open("rb").close()  # the library would make the file where there is none
            box = mailbox.mbox(path, create=False)
            for number, key in enumerate(box.keys(), start=1):
                yield f"{file}:{number}", box.get_bytes(key)
        else:
            yield file, path.read_bytes()
    except OSError as error:
        yield file, error


def _files(folder: Path) -> list[Path]:
    parts = [folder / name for name in ("new", "cur") if (folder / name).is_dir()] or [folder]
    return sorted(each for part in parts for each in part.iterdir() if not each.is_dir())
