"""docs/compliance.md, made of the rule packs, the checks and the tests that prove them.

`python -m tests.house.compliance` writes it anew; with `--check` it only says whether it fits. A
test proves a rule by `@pytest.mark.proves("hours")`, which means the rule in every pack, or by the
id of an overlay's. A rule without such a test, and a mark that names no rule, are findings.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from compliance.checks import TABLE
from compliance.explaining import READS
from compliance.loading import shipped_book
from compliance.pack import Amendment, Overlay, Pack
from compliance.rules import HoldTerms, Terms
from compliance.strictness import directions

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "compliance.md"
MARK = "proves"
WORDS = Path(__file__).with_name("compliance.txt")
"""What the document says besides the rules, with a line for each part that is made."""

Proofs = Mapping[str, Sequence[str]]


def proofs(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """The tests by what they prove, as tests/compliance/test_hours.py:test_name."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if f"mark.{MARK}(" not in text:
            continue
        for name, node in _tests(ast.parse(text)):
            for rule in _marks(node):
                found.setdefault(rule, []).append(f"{path.relative_to(folder.parent)}:{name}")
    return found


def _tests(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _marks(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func) == f"pytest.mark.{MARK}":
            yield from (ast.literal_eval(given) for given in each.args)


def packs() -> tuple[Pack, ...]:
    book = shipped_book()
    return (*book.packs, book.default)


def faults(found: Proofs, known: Sequence[Pack]) -> list[str]:
    """Rules that no test proves, and marks of rules that there are not."""
    rules = {rule for rule, _ in TABLE}
    overlaid = {v.id for pack in known for each in pack.overlays for v in each.amendments}
    unproven = [f"no test is marked as proving {name}" for name in sorted(rules | overlaid)
                if name not in found]  # fmt: skip
    strange = [
        f"{test} is marked as proving {name}, which is no rule"
        for name, tests in found.items()
        for test in tests
        if name not in rules | overlaid
    ]
    return [*unproven, *strange]


def document(found: Proofs, known: Sequence[Pack]) -> str:
    made = {
        "<packs>": _packs(known),
        "<rules>": _rules(found, known),
        "<overlays>": _overlays(found, known),
    }
    lines: list[str] = []
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        lines += made.get(line, [line])
    return "\n".join(lines).rstrip() + "\n"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    rows = ["| " + " | ".join(each.replace("|", "\\|") for each in row) + " |" for row in body]
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *rows]


def _packs(known: Sequence[Pack]) -> list[str]:
    def whom(pack: Pack) -> str:
        if pack.jurisdiction == "*":
            return "customers in every other country"
        also = ", ".join(pack.territory.also)
        return f"customers in {pack.jurisdiction}" + (f", and in {also}" if also else "")

    body = [(f"`{pack.version}`", whom(pack), str(pack.since)) for pack in known]
    return _table(("version", "for", "first day"), body)


def _rules(found: Proofs, known: Sequence[Pack]) -> list[str]:
    lines: list[str] = []
    for rule, check in TABLE:
        asks = " ".join((check.__doc__ or "").split())
        facts = ", ".join(f"`{name}`" for name in READS[rule]) or "the message alone"
        lines += [f"### `{rule}`", "", asks, ""]
        body = [_version(terms) for pack in known for terms in pack.rules[rule]]
        head = ("rule", "in force from", "terms", "does not concern", "source", "basis")
        lines += [*_table(head, body), "", f"Facts it looks at: {facts}.", ""]
        lines += ["Proven by:", "", *(f"- `{test}`" for test in found.get(rule, ())), ""]
    return lines[:-1]


def _version(terms: Terms) -> tuple[str, ...]:
    until = f" to before {terms.until}" if terms.until else ""
    names = [name for name in directions(type(terms)) if name != "exempt"]
    said = [_said(name, getattr(terms, name), terms) for name in names]
    return (
        f"`{terms.id}`",
        f"{terms.since}{until}",
        "; ".join(filter(None, said)) or "–",
        ", ".join(terms.exempt),
        " ".join(terms.source.split()),
        terms.basis,
    )


def _said(name: str, value: Any, terms: Terms | None = None) -> str:
    if isinstance(terms, HoldTerms) and name == "kinds":
        by_stops: dict[str, list[str]] = {}
        for kind, stops in value.items():
            by_stops.setdefault(" and ".join(stops) or "nothing", []).append(kind)
        return "; ".join(f"{', '.join(kinds)}: stops {stops}" for stops, kinds in by_stops.items())
    if isinstance(value, dict):
        value = ", ".join(f"{key} `{each}`" for key, each in value.items())
    elif isinstance(value, tuple):
        value = ", ".join(value)
    elif isinstance(value, bool):
        value = "yes" if value else "no"
    return f"{name.replace('_', ' ')}: {value}" if value not in ("", None) else ""


def _overlays(found: Proofs, known: Sequence[Pack]) -> list[str]:
    lines: list[str] = []
    for overlay in (each for pack in known for each in pack.overlays):
        lines += [f"### {overlay.area.name}", "", _area(overlay), ""]
        body = [_amendment(version) for version in overlay.amendments]
        head = ("rule", "id", "in force from", "terms", "source", "basis")
        lines += [*_table(head, body), "", "Proven by:", ""]
        names = dict.fromkeys(version.id for version in overlay.amendments)
        lines += [f"- `{test}`" for name in names for test in found.get(name, ())]
        lines += [""]
    return lines[:-1]


def _area(overlay: Overlay) -> str:
    area = overlay.area
    codes = ", ".join(area.zip_codes)
    where = f"ZIP codes {codes}" if codes else f"the state {area.state}"
    return (
        f"In force for addresses in {where}; also where the address is not known and the customer"
        f" may be in {' or '.join(area.zones)}."
    )


def _amendment(version: Amendment) -> tuple[str, ...]:
    until = f" to before {version.until}" if version.until else ""
    said = "; ".join(_said(name, value) for name, value in version.changes.items())
    source = " ".join(version.source.split())
    return (
        f"`{version.rule}`", f"`{version.id}`", f"{version.since}{until}", said, source,
        version.basis,
    )  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """0; 1 where a rule has no proof, or with --check where the file is not what would be
    written."""
    found, known = proofs(), packs()
    wrong = faults(found, known)
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    if wrong:
        return 1
    text = document(found, known)
    if "--check" not in arguments:
        FILE.write_text(text, encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"{FILE} is not current: run python -m tests.house.compliance\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
