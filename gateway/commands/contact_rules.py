"""gateway contact rules: looks at rule packs before they are in force."""

from pathlib import Path
from typing import Annotated, Any

import typer

from compliance.loading import BadPack, shipped_book
from compliance.pack import Amendment, Book, Pack
from compliance.rules import Terms
from gateway.rulebook import read_book
from gateway.settings import contact_rules_folder
from gateway.storage import encode


def rules(
    folder: Annotated[
        Path | None, typer.Argument(help="With us.yml, uk.yml and default.yml.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Look at a folder of rule packs; left out, at those of GATEWAY_CONTACT_RULES or the shipped
    ones. Prints each pack's rules with their versions; exit 1 with every fault where one is bad."""
    named = folder or contact_rules_folder()
    try:
        book = shipped_book() if named is None else read_book(named)
    except BadPack as error:
        faults = [str(fault) for fault in error.faults]
        typer.echo(encode({"faults": faults}) if as_json else "\n".join(faults))
        raise typer.Exit(1) from None
    typer.echo(encode([_shown(pack) for pack in _packs(book)]) if as_json else _text(book))


def _packs(book: Book) -> tuple[Pack, ...]:
    return (*book.packs, book.default)


def _versions(pack: Pack) -> list[dict[str, Any]]:
    found: list[tuple[str | None, Terms | Amendment]] = [
        (None, version) for versions in pack.rules.values() for version in versions
    ]
    found += [(each.area.name, version) for each in pack.overlays for version in each.amendments]
    return [
        {
            "id": version.id,
            "from": version.since.isoformat(),
            "until": version.until and version.until.isoformat(),
            "basis": version.basis,
            "source": " ".join(version.source.split()),
            "area": area,
        }
        for area, version in found
    ]


def _shown(pack: Pack) -> dict[str, Any]:
    return {
        "jurisdiction": pack.jurisdiction,
        "version": pack.version,
        "from": pack.since.isoformat(),
        "rules": _versions(pack),
    }


def _text(book: Book) -> str:
    lines = []
    for pack in _packs(book):
        lines.append(f"{pack.version}  {pack.jurisdiction}  from {pack.since}")
        for each in _versions(pack):
            until = f" until {each['until']}" if each["until"] else ""
            area = f"  {each['area']}:" if each["area"] else ""
            lines.append(f"  {each['from']}{until}  {each['id']}{area}  {each['source']}")
    return "\n".join(lines)
