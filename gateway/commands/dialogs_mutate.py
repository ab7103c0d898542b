"""`gateway dialogs mutate`: whether a pack's tests would notice a change to any line of it."""

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Never

import typer

if TYPE_CHECKING:
    from dialogs.mutation.trial import Verdict
    from gateway.dialogs.mutating import Mutation

FINDINGS = 1


class Part(StrEnum):
    FLOW = "flow"
    SLOT = "slot"
    RESPONSE = "response"
    COMPLIANCE = "compliance"


def register(app: typer.Typer) -> None:
    """Adds the command to the group of `gateway dialogs`."""
    app.command("mutate")(mutate)


def mutate(
    pack: Annotated[str, typer.Argument(help="A pack's folder, or the name of a shipped one.")],
    only: Annotated[list[Part] | None, typer.Option(help="Only changes of this kind.")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="Stop after so long; what is left is told.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no text.")] = False,
) -> None:
    """Change a pack one place at a time, and see whether its tests notice.

    Exit 1 where a change that nobody notices is not explained in the pack's survivors.yml, where
    less than all of the compliance lines or 95 % of the rest are noticed, or time runs out.
    """
    from dialogs.findings import PackError
    from dialogs.mutation.mutant import Theme
    from dialogs.mutation.trial import FailingTests
    from gateway.dialogs.mutating import as_json as shaped
    from gateway.dialogs.mutating import mutate as tried
    from gateway.dialogs.packs import folder_of

    themes = frozenset(Theme(part.value) for part in only or ())
    try:
        found = tried(folder_of(pack), themes, seconds)
    except (PackError, FailingTests) as error:
        _stop(str(error))
    if as_json:
        typer.echo(json.dumps(shaped(found), ensure_ascii=False))
    else:
        _print(found)
    if not found.holds:
        raise typer.Exit(FINDINGS)


def _print(found: "Mutation") -> None:
    from dialogs.mutation.survivors import LEAST, percent, share
    from gateway.dialogs.mutating import noticed_by

    for verdict in found.survivors:
        _survivor(verdict, found.reasons.get(verdict.mutant.id))
    for finding in found.findings:
        typer.echo(str(finding))
    for name, grave in (("compliance lines", True), ("the rest", False)):
        noticed, total = share(found.tried, grave)
        typer.echo(
            f"{name}: {noticed} of {total} changes noticed "
            f"({percent(noticed, total)} %, at least {LEAST[grave]:g} %)"
        )
    by = ", ".join(f"{count} by {who}" for who, count in sorted(noticed_by(found).items()))
    unexplained = len(found.unexplained)
    typer.echo(
        f"{len(found.survivors)} survived, {unexplained} of them unexplained; "
        f"noticed: {by or 'none'}; {found.seconds:.1f} s"
    )
    if found.left:
        sys.stderr.write(f"gateway: time is over; {found.left} changes were not tried\n")


def _survivor(verdict: "Verdict", reason: str | None) -> None:
    passing = "1 test passes" if verdict.tests == 1 else f"{verdict.tests} tests pass"
    tests = f"{passing} here" if verdict.tests else "no test passes here"
    typer.echo(f"{verdict.mutant} ({reason or tests})")


def _stop(message: str) -> Never:
    sys.stderr.write("".join(f"gateway: {line}\n" for line in message.splitlines()))
    raise typer.Exit(FINDINGS)
