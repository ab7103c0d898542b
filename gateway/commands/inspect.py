"""gateway inspect: what a channel makes of a text or a mail, without any effect."""

import sys
from typing import Annotated, NoReturn

import msgspec
import typer

from channels.fit import forced_by, sms
from channels.typography import paired, simplify
from gateway.commands.inspect_email import inspect_email
from gateway.commands.json_lines import BadLine, numbered, read, write

app = typer.Typer(help="What a channel makes of a text or a mail.", no_args_is_help=True)
app.command("email")(inspect_email)

USAGE = 2
NAMES = {"gsm7": "GSM-7", "ucs2": "UCS-2"}
_MEND = 'a line is an object such as {"text": "Hello", "smart": true}'


class Line(msgspec.Struct):
    """One line of input; unknown keys are ignored."""

    text: str
    smart: bool | None = None


class Answer(msgspec.Struct):
    """`text` is what was counted. `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: str
    segments: int
    units: int
    forced_by: tuple[str, ...]
    text: str


@app.command("sms")
def inspect_sms(
    text: Annotated[
        str | None, typer.Argument(help="One text; JSON lines on standard input if left out.")
    ] = None,
    smart: Annotated[
        bool,
        typer.Option("--smart", help="Make punctuation plain, where a line does not say."),
    ] = False,
) -> None:
    """Print encoding, segments and units of a text as Twilio counts them, as one JSON line.

    Without TEXT, reads lines {"text", "smart"} and answers each at once. Exit 2 at the first line
    that is no such object, after the answers to the lines before it.
    """
    if text is not None:
        try:
            text.encode()
        except UnicodeEncodeError:
            _stop("TEXT is not UTF-8; give it as a JSON line, with escapes")
        write(answer(text, smart))
        return
    for number, line in numbered(sys.stdin.buffer):
        try:
            asked = read(line, Line, _MEND)
        except BadLine as error:
            _stop(f"standard input, line {number}: {error}")
        write(answer(asked.text, smart if asked.smart is None else asked.smart))


def answer(text: str, smart: bool) -> Answer:
    counted = simplify(text) if smart else paired(text)
    fitted = sms(counted)
    return Answer(
        NAMES[fitted.encoding], fitted.segments, fitted.units, forced_by(counted), counted
    )


def _stop(message: str) -> NoReturn:
    sys.stderr.write(f"gateway: {message}\n")
    raise typer.Exit(USAGE)
