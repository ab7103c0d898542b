"""`gateway dialogs`: what strategists do with dialog packs.

Exit codes: 0 ok, 1 findings, 2 usage, 3 configuration, 4 a dependency is down.
"""

import typer

from gateway.commands import dialogs_chat, dialogs_diagram, dialogs_test

app = typer.Typer(help="Dialog packs: tested, tried, drawn.", no_args_is_help=True)


@app.callback()
def dialogs() -> None:
    """Dialog packs: tested, tried, drawn."""


dialogs_test.register(app)
dialogs_chat.register(app)
dialogs_diagram.register(app)
