"""What the commands of `gateway nlu` are given: model files, and files of cases."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from domain.understanding import Reply
from domain.values import ChannelKind
from gateway.clients import ConfigurationError
from gateway.commands.json_lines import BadLine, numbered
from gateway.commands.nlu.lines import read_case
from gateway.pipeline.models import read_model
from nlu.evaluation import Case, Expected

if TYPE_CHECKING:
    from nlu.cascade import BuiltIn
    from nlu.model import Classifier

FINDINGS = 1
USAGE = 2
RASA = (".yml", ".yaml")
DAY = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("UTC"))
"""When the examples of a Rasa file are said: they have no day of their own."""

MODEL = Annotated[
    Path | None, typer.Option("--model", help="A model file in place of the shipped one.")
]
JSON = Annotated[bool, typer.Option("--json", help="JSON.")]


def stop(message: str, code: int = USAGE) -> NoReturn:
    sys.stderr.write(f"gateway: {message}\n")
    raise typer.Exit(code)


def classifier(model: Path | None) -> "Classifier":
    """The shipped one unless another file is given. Exit 2 where that is no model."""
    from nlu.model import SHIPPED

    try:
        return read_model(model or SHIPPED)
    except ConfigurationError as error:
        stop(str(error))


def understander(model: Path | None) -> "BuiltIn":
    """With the shipped model unless another file is given. Exit 2 where that is no model."""
    from nlu.cascade import BuiltIn

    return BuiltIn(classifier(model))


def cases_of(file: Path) -> list[Case]:
    """The cases of JSON lines, or of a Rasa nlu.yml. Exit 2 where it is neither, or empty."""
    try:
        found = _rasa_cases(file) if file.suffix in RASA else _cases(file)
    except OSError as error:
        stop(f"{file}: {error.strerror}")
    if not found:
        stop(f"{file} holds no reply")
    return found


def _cases(file: Path) -> list[Case]:
    cases = []
    with file.open("rb") as lines:
        for number, line in numbered(lines):
            try:
                cases.append(read_case(line))
            except BadLine as error:
                stop(f"{file.name}, line {number}: {error}")
    return cases


def _rasa_cases(file: Path) -> list[Case]:
    """A Rasa file tells intents only; its name tells the locale, where it is one (es-US.yml)."""
    from nlu.corpus import CorpusError, read

    try:
        examples = read([file])
    except (CorpusError, UnicodeDecodeError) as error:
        stop(str(error))
    locale = file.stem if len(file.stem) == 5 and file.stem[2] == "-" else "en-US"
    return [
        Case(
            Reply(f"{file.stem}:{number}", example.text, ChannelKind.SMS, locale, DAY),
            Expected(example.intents),
        )
        for number, example in enumerate(examples, start=1)
    ]
