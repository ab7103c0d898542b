"""One reply on its way through the cascade, and what is read of it on the way."""

from domain.understanding import Reply
from nlu import entities
from nlu.clauses import clauses
from nlu.date_finders import Calendar
from nlu.entities import Entities
from nlu.features import words_of
from nlu.language import foreign
from nlu.letters import matter, own
from nlu.normalise import plain
from nlu.rules.book import BOOK
from nlu.rules.table import Rule

COUNTRIES = {"en-GB": "GB", "cy-GB": "GB"}
CURRENCIES = {"GB": "GBP", "US": "USD"}


class Reading:
    """One reply on its way through the cascade.

    Keywords and rules look at all that the customer wrote, the rest at what it says without
    courtesies; nothing reads what is quoted or what a machine added. What is
    countable is read only when it is asked for: most intents need none of it.
    """

    __slots__ = ("_found", "currency", "matter", "parts", "reply", "rules", "text", "words")

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.text = own(plain(reply.text))
        self.words = words_of(self.text)
        self.rules: list[Rule] = BOOK.matching(self.text, self.words)
        self.matter = matter(self.text)
        if self.matter != self.text:
            self.words = words_of(self.matter)
        self.parts = clauses(self.matter)
        self.currency = reply.currency or CURRENCIES[self.country]
        self._found: Entities | None = None

    @property
    def country(self) -> str:
        return COUNTRIES.get(self.reply.locale) or ("GB" if self.reply.currency == "GBP" else "US")

    @property
    def language(self) -> str | None:
        """The code of a language that is not understood, if the reply is in one."""
        return foreign(self.reply.text, self.words)

    @property
    def found(self) -> Entities:
        if self._found is None:
            at = Calendar(self.reply.reference.date(), self.country)
            self._found = entities.read(self.matter, at, self.words)
        return self._found
