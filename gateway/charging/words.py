"""The words that a customer agrees to. Whoever changes them raises the version: each mandate keeps
the text that its customer has seen, and which version of it that was."""

from typing import NamedTuple

VERSION = "1"


class Words(NamedTuple):
    language: str
    locale: str  # by which amounts and days are written
    opening: str
    method: str
    line: str
    closing: str
    tries: str
    no_tries: str


ENGLISH = Words(
    language="en",
    locale="en",
    opening="I agree that {brand} takes these payments of my plan from {method}:",
    method="{brand} ending {last4}",
    line="{number}. {amount} on {day}",
    closing=(
        "I am told {days} days before each payment. Less is taken where I owe less by then, and"
        " never more. {tries} I can end this at any time, here or by asking."
    ),
    tries="A payment that does not go through may be tried again, up to {count} times.",
    no_tries="A payment that does not go through is not tried again.",
)
SPANISH = Words(
    language="es",
    locale="es",
    opening="Acepto que {brand} cobre estos pagos de mi plan de {method}:",
    method="{brand} terminada en {last4}",
    line="{number}. {amount} el {day}",
    closing=(
        "Recibo un aviso {days} días antes de cada pago. Se cobra menos si para entonces debo"
        " menos, y nunca más. {tries} Puedo terminarlo en cualquier momento, aquí o pidiéndolo."
    ),
    tries="Un pago que no se pueda cobrar se puede intentar otra vez, hasta {count} veces.",
    no_tries="Un pago que no se pueda cobrar no se intenta otra vez.",
)


def words_of(locale: str) -> Words:
    """In the language of a locale such as es-US, with its own way to write amounts and days."""
    language = locale.partition("-")[0]
    words = SPANISH if language == "es" else ENGLISH
    return words._replace(locale=locale.replace("-", "_") if language == words.language else "en")
