"""gateway benchmark: the project's own benchmarks, from a source checkout."""

import runpy
import sys
from pathlib import Path

import typer

from gateway.clients import ConfigurationError

app = typer.Typer(help="Measure it against a floor, in one run.", no_args_is_help=True)

ROOT = Path(__file__).resolve().parents[2]


PASSED_ON = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


@app.command(context_settings=PASSED_ON)
def road(context: typer.Context) -> None:
    """The whole road under load, reconciled afterwards; one JSON line (--help: its options)."""
    _run("benchmarks.road", context.args)


@app.command(context_settings=PASSED_ON)
def callbacks(context: typer.Context) -> None:
    """Signed provider callbacks, durable before they are answered 2xx; one JSON line."""
    _run("benchmarks.callbacks", context.args)


@app.command(context_settings=PASSED_ON)
def nlu(context: typer.Context) -> None:
    """Understanding alone, beside a Rasa server with --rasa URL; one JSON line."""
    _run("benchmarks.nlu", context.args)


@app.command(context_settings=PASSED_ON)
def rules(context: typer.Context) -> None:
    """Promises, plans, settlements, affordability and options alone, on one core; one JSON line."""
    _run("benchmarks.rules", context.args)


@app.command(context_settings=PASSED_ON)
def dialogs(context: typer.Context) -> None:
    """Deciding alone, over both shipped packs; one JSON line."""
    _run("benchmarks.dialogs", context.args)


@app.command(context_settings=PASSED_ON)
def gate(context: typer.Context) -> None:
    """The contact gate alone, on one core; one JSON line."""
    _run("benchmarks.contact_gate", context.args)


@app.command(context_settings=PASSED_ON)
def hour(context: typer.Context) -> None:
    """An hour of sending on a virtual clock, with faults, stops and kills; one JSON line."""
    _run("benchmarks.hour", context.args)


@app.command(context_settings=PASSED_ON)
def smtp(context: typer.Context) -> None:
    """Mails through one connection to a mail server, plain and signed; one JSON line."""
    _run("benchmarks.smtp", context.args)


@app.command(context_settings=PASSED_ON)
def replay(context: typer.Context) -> None:
    """Replaying a month of stored replies by a draft of dialogs; one JSON line."""
    _run("benchmarks.replay", context.args)


@app.command(context_settings=PASSED_ON)
def mail(context: typer.Context) -> None:
    """Mails of many kinds parsed and stored, on one core; one JSON line."""
    _run("benchmarks.mail", context.args)


@app.command(context_settings=PASSED_ON)
def mailbox(context: typer.Context) -> None:
    """A mailbox that is cut at random: each mail exactly once; one JSON line."""
    _run("benchmarks.mailbox", context.args)


@app.command(context_settings=PASSED_ON)
def pages(context: typer.Context) -> None:
    """The customer's pages at a steady rate: what a visitor waits; one JSON line."""
    _run("benchmarks.pages", context.args)


def _run(module: str, arguments: list[str]) -> None:
    """Runs a benchmark as `python -m` would. Raises ConfigurationError outside a checkout."""
    if not (ROOT / "benchmarks").is_dir():
        raise ConfigurationError(
            "benchmarks run from a source checkout, with the stand-ins of its tests; clone it first"
        )
    sys.path.insert(0, str(ROOT))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
