"""The results of a pack's tests in JUnit's XML, as build servers read it."""

import re
from itertools import groupby
from xml.etree import ElementTree as Xml

from dialogs.scripts.transcript import report
from gateway.dialogs.testing import Ran, Run

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold, however they are written."""


def junit(found: Run, pack: str) -> str:
    """A suite for each file; a failure holds the whole conversation."""
    root = Xml.Element("testsuites", {"name": _clean(pack)} | _figures(found.results))
    for file, group in groupby(found.results, key=_file):
        root.append(_suite(file, tuple(group)))
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _file(ran: Ran) -> str:
    return ran.played.case.place.file


def _figures(results: tuple[Ran, ...]) -> dict[str, str]:
    failures = sum(ran.played.failure is not None for ran in results)
    return {
        "tests": str(len(results)),
        "failures": str(failures),
        "errors": "0",
        "time": f"{sum(ran.seconds for ran in results):.4f}",
    }


def _suite(file: str, results: tuple[Ran, ...]) -> Xml.Element:
    suite = Xml.Element("testsuite", {"name": _clean(file)} | _figures(results))
    for ran in results:
        case, failure = ran.played.case, ran.played.failure
        element = Xml.SubElement(
            suite, "testcase", classname=_clean(file.removesuffix(".yml")), name=_clean(case.name),
            file=_clean(file), line=str(case.place.line), time=f"{ran.seconds:.4f}",
        )  # fmt: skip
        if failure is not None:
            told = Xml.SubElement(element, "failure", message=_clean(failure.expected))
            told.text = _clean("\n".join(report(ran.played)))
    return suite


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
