"""The command `gateway`: stdout is data, stderr is for people.

Exit codes: 0 ok, 1 findings, 2 usage, 3 configuration, 4 a dependency is down.
"""

import sys

import typer

from gateway.clients import ConfigurationError
from gateway.commands import (
    batch,
    benchmark,
    clients,
    contact,
    demo,
    dialogs,
    email,
    handoffs,
    inspect,
    links,
    nlu,
    payments,
    queue,
    running,
    senders,
    sequences,
    webhooks,
)
from gateway.logs import configure_logs
from gateway.storage import StoreError
from gateway.storage.sqlite import Held

app = typer.Typer(
    help="A conversational messaging gateway for consumer collections.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(demo.demo)
app.command()(running.serve)
app.command()(running.worker)
app.add_typer(running.db, name="db")
app.add_typer(batch.app, name="batch")
app.add_typer(benchmark.app, name="benchmark")
app.add_typer(clients.app, name="clients")
app.add_typer(contact.app, name="contact")
app.add_typer(dialogs.app, name="dialogs")
app.add_typer(email.app, name="email")
app.add_typer(handoffs.app, name="handoffs")
app.add_typer(inspect.app, name="inspect")
app.add_typer(links.app, name="links")
app.add_typer(nlu.app, name="nlu")
app.add_typer(payments.app, name="payments")
app.add_typer(queue.app, name="queue")
app.add_typer(senders.app, name="senders")
app.add_typer(sequences.app, name="sequences")
app.add_typer(webhooks.app, name="webhooks")


def main() -> None:
    """Runs the command; what an operator can mend is one line and an exit code, not a trace."""
    configure_logs()
    try:
        app()
    except (ConfigurationError, Held) as error:
        sys.stderr.write(f"gateway: {error}\n")
        sys.exit(3)
    except StoreError as error:
        sys.stderr.write(f"gateway: {error}\n")
        sys.exit(4)


if __name__ == "__main__":
    main()
