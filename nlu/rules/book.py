"""All rules together, in the order in which they are asked."""

from nlu.rules.contact import CONTACT
from nlu.rules.legal import LEGAL
from nlu.rules.safety import SAFETY
from nlu.rules.spanish import SPANISH
from nlu.rules.table import RuleBook

BOOK = RuleBook((*SAFETY, *LEGAL, *CONTACT, *SPANISH))
