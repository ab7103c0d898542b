"""All rules together, in the order in which they are asked."""

from nlu.rules.contact import CONTACT
from nlu.rules.debt import DEBT
from nlu.rules.deceased import DECEASED
from nlu.rules.legal import LEGAL
from nlu.rules.opt_out import OPT_OUT
from nlu.rules.person import PERSON
from nlu.rules.safety import SAFETY
from nlu.rules.spanish import SPANISH
from nlu.rules.spanish_contact import SPANISH_CONTACT
from nlu.rules.table import RuleBook
from nlu.rules.vulnerable import VULNERABLE

_ENGLISH = (*SAFETY, *DECEASED, *VULNERABLE, *LEGAL, *CONTACT, *OPT_OUT, *PERSON, *DEBT)
BOOK = RuleBook((*_ENGLISH, *SPANISH, *SPANISH_CONTACT))
