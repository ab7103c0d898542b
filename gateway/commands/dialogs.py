"""`gateway dialogs`: packs of dialogs, looked at and put in force."""

import typer

from gateway.commands import dialog_lint

app = typer.Typer(help="Dialog packs: the texts and flows of conversations.", no_args_is_help=True)
dialog_lint.register(app)


@app.callback()
def group() -> None:
    """Keeps this a group while it has one command."""
