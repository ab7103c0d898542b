"""What each jurisdiction asks of texts, with its source; a client checks it before use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.messages import Category


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """`opt_out`: the categories whose every message says how to get no more of them.
    `disclosure`: what a message must say of its sender; `first_disclosure`: what it says of itself
    until that has been sent. `hidden`: what an onlooker must not read
    before verification. `crisis`: one pattern for each number that a crisis text names.
    """

    opt_out: frozenset[Category]
    disclosure: re.Pattern[str] | None
    first_disclosure: re.Pattern[str] | None
    hidden: re.Pattern[str] | None
    crisis: Mapping[str, re.Pattern[str]]
    currency: str


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


OPT_OUT = re.compile(
    r"\b(?:STOP|ALTO|BAJA|CANCELAR|PARAR|END|QUIT|UNSUBSCRIBE)\b"
    r"|(?i:\b(?:opt(?:ing)?[ -]?out\b|unsubscribe|darse de baja|dejar de recibir))"
)
"""How a text says that messages can be stopped: a keyword in capitals, or the words for it."""

DEBT = _words(
    r"\b(?:debts?|indebted|arrears|collectors?|collections|owe[ds]?|owing|overdue|creditors?"
    r"|default(?:ed)?|bailiffs?|outstanding balance|missed payments?"
    r"|deudas?|deudor(?:a|es)?|cobrador(?:a|es)?|cobranzas?|acreedor(?:es)?|mora|vencid[oa]s?)\b"
)
"""Words that tell a reader of a debt."""

JURISDICTIONS: Mapping[str, Jurisdiction] = {
    "US": Jurisdiction(
        # 12 CFR 1006.6(e): in each electronic message.
        opt_out=frozenset({Category.REPLY, Category.OUTREACH, Category.HELP}),
        # 12 CFR 1006.18(e): the initial and each later communication.
        disclosure=_words(
            r"\bdebt collect(?:or|ion)|\bcollect a debt\b|\bcobrador(?:a|es)? de deudas?\b"
            r"|\bcobranza de deudas?\b|\bagencia de (?:cobros|cobranzas?)\b|\bcobrar una deuda\b"
        ),
        # 12 CFR 1006.18(e)(1): the attempt to collect a debt, and what the answers are used for.
        first_disclosure=_words(
            r"(?=.*\bcollect(?:ing)? a debt\b)"
            r"(?=.*\binformation obtained will be used for that purpose\b)"
            r"|(?=.*\bcobrar una deuda\b)(?=.*\bque obtengamos se usan para ese fin\b)"
        ),
        hidden=None,
        crisis={"988": re.compile(r"\b988\b")},
        currency="USD",
    ),
    "GB": Jurisdiction(
        # PECR regulation 23 and practice: whoever is written to unasked gets a way out.
        opt_out=frozenset({Category.OUTREACH}),
        disclosure=None,
        first_disclosure=None,
        # CONC 7.9.7R and 7.9.8G: nothing tells an onlooker of a debt.
        hidden=DEBT,
        crisis={
            "999": re.compile(r"\b999\b"),
            "116 123": re.compile(r"\b116 ?123\b"),
        },
        currency="GBP",
    ),
}

UNDISCLOSED = frozenset({"help", "opt_in", "deceased"})
"""Intents whose answer carries no disclosure: fixed help and consent texts, and what relatives
read, who may not learn of a debt (12 CFR 1006.6(d)(1))."""
