"""Findings as text, as one JSON object, and as SARIF 2.1.0 for code review tools."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from dialogs.findings import Finding
from dialogs.lint.codes import CODES, Severity, severity
from dialogs.lint.fixing import Change

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def under(folder: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings whose files are named from where the command runs."""
    prefix = folder.rstrip("/")
    return tuple(replace(each, file=f"{prefix}/{each.file}") for each in findings)


def as_text(findings: Sequence[Finding]) -> str:
    """A line for each: file:line:column: code: reason; mend."""
    return "".join(f"{_one_line(str(each))}\n" for each in findings)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def as_json(
    packs: Sequence[str], findings: Sequence[Finding], changes: Sequence[Change]
) -> dict[str, Any]:
    """`fixed` are the changes that `--fix` has made; their findings are not among the others."""
    counts = [severity(each.code) for each in findings]
    return {
        "packs": list(packs),
        "errors": counts.count(Severity.ERROR),
        "warnings": counts.count(Severity.WARNING),
        "findings": [
            {
                "file": each.file,
                "line": each.line,
                "column": each.column,
                "code": each.code,
                "severity": severity(each.code).value,
                "reason": each.reason,
                "mend": each.mend,
            }
            for each in findings
        ],
        "fixed": [
            {"file": each.file, "line": each.line, "old": each.old, "new": each.new}
            for each in changes
        ],
    }


def as_sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """One run, with a rule for each code that occurs."""
    codes = sorted({each.code for each in findings})
    driver = {
        "name": "gateway dialogs lint",
        "semanticVersion": "1.0.0",
        "rules": [_rule(code) for code in codes],
    }
    results = [_result(each, codes.index(each.code)) for each in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    known = CODES.get(code)
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": known.means if known else "a pack that does not load"},
        "defaultConfiguration": {"level": severity(code).value},
    }
    if known:
        rule["help"] = {"text": known.mend}
    return rule


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(finding.file)},
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": severity(finding.code).value,
        "message": {"text": f"{finding.reason}; {finding.mend}"},
        "locations": [{"physicalLocation": place}],
    }
