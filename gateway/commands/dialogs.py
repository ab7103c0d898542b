"""`gateway dialogs`: the dialog packs that strategists write.

Exit codes: 0 ok, 1 findings or differences, 2 usage, 3 configuration, 4 a dependency is down.
"""

import typer

from gateway.commands import (
    dialog_lint,
    dialog_versions,
    dialogs_chat,
    dialogs_diagram,
    dialogs_mutate,
    dialogs_replay,
    dialogs_test,
)

app = typer.Typer(help="Dialog packs: their texts, tests and versions.", no_args_is_help=True)
dialogs_test.register(app)
dialogs_mutate.register(app)
dialogs_chat.register(app)
dialogs_diagram.register(app)
dialogs_replay.register(app)
dialog_versions.register(app)
dialog_lint.register(app)
