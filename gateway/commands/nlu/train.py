"""gateway nlu train."""

from typing import Annotated

import typer

from gateway.commands.nlu.inputs import stop


def train(
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether it is current.")
    ] = False,
) -> None:
    """Build the model file from the training data (needs the extra "train").

    Exit 1 with --check where the file is older than its data.
    """
    try:
        from nlu.train import main
    except ModuleNotFoundError as error:
        stop(
            f'{error.name} is missing; install the extra: pip install "collections-gateway[train]"'
        )
    raise typer.Exit(main(["--check"] if check else []))
