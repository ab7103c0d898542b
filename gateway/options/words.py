"""What the codes of options mean, for people who write a client's rules."""

from collections.abc import Mapping

from domain.options import Reason

REASONS: Mapping[Reason, str] = {
    Reason.DUE: "so much is owed",
    Reason.WITHIN_RULES: "the client's rules allow it",
    Reason.AS_ASKED: "it is as the customer asked",
    Reason.NEAREST: "it is the nearest to what the customer asked",
    Reason.HOST: "the host offers it, within the client's bounds",
    Reason.ASSESSED: "it is what the customer can afford",
    Reason.ASKED: "the customer asked for it",
    Reason.ASKED_LESS: "the customer asked to pay less or later than the rules allow",
    Reason.CIRCUMSTANCES: "it may show that less is affordable",
    Reason.NO_SURPLUS: "the customer has nothing left to pay with",
    Reason.ALWAYS: "somebody can always be reached",
    Reason.FLAG: "a hold leaves the account to a person",
    Reason.REFUSED: "the rules leave it to a person",
    Reason.HOST_DECIDES: "the host leaves it to a person",
    Reason.LOOK_UP: "the host could not be asked, or its answer not be used",
}

RULES: Mapping[str, str] = {
    "balance": "the account's balance",
    "arrears": "the account's arrears",
    "person": "a person is always offered",
    "nothing_due": "nothing is owed",
    "no_arrears": "no arrears are known",
    "all_is_arrears": "all of the balance is in arrears",
    "currency": "its currency is not the balance's",
    "not_offered": "the rules for this account do not offer it",
    "unknown": "there is no such key",
    "unreadable": "it can't be read",
    "expired": "it has run out",
    "out_of_bounds": "it is beyond the client's bounds",
    "no_discount": "it is no less than the balance",
    "held": "the customer was shown a better offer, which still holds",
    "unaffordable": "the customer can't afford it",
    "too_many": "only the first three are read",
    "promise.nothing_due": "nothing is owed",
    "promise.currency": "its currency is not the balance's",
    "promise.not_positive": "it names no amount",
    "promise.past": "the day is past",
    "promise.broken": "too many promises in a row were broken",
    "promise.reschedules": "the promise was moved as often as it may be",
    "promise.too_late": "the day is later than a promise may be",
    "promise.too_small": "the amount is below the least promise",
    "promise.too_much": "the amount is more than is owed",
    "plan.active": "a plan is being paid",
    "plan.nothing_due": "nothing is owed",
    "plan.currency": "its currency is not the balance's",
    "plan.not_positive": "it names no amount",
    "plan.balance_too_small": "too little is owed for a plan",
    "plan.no_first_date": "no business day is within the days of a first payment",
    "plan.closed": "the plan has ended",
    "plan.defaulted": "the plan has failed",
    "plan.reschedules": "the plan was rearranged as often as it may be",
    "plan.frequency": "payments are not offered that often",
    "plan.too_small": "a payment would be below the least",
    "plan.too_few": "there would be fewer payments than plans have",
    "plan.too_many": "there would be more payments than plans have",
    "plan.does_not_add_up": "amount and number do not make the balance",
    "plan.too_early": "the first payment would be too early",
    "plan.too_late": "the first payment would be too late",
    "plan.not_business_day": "a payment would fall on a closed day",
    "plan.unequal": "payments would differ",
    "plan.dates": "the days do not follow the frequency",
    "settlement.currency": "its currency is not the balance's",
    "settlement.nothing_due": "nothing is owed",
    "settlement.agreed": "a settlement is agreed",
    "settlement.lapsed": "an offer or agreement has lapsed",
    "settlement.balance_too_small": "too little is owed for a settlement",
    "settlement.age_unknown": "the debt's age is not known",
    "settlement.no_offer": "the grid has no offer for this account",
    "settlement.not_positive": "it names no amount",
    "settlement.past": "the day is past",
    "settlement.offers": "the customer made as many offers as are judged",
    "settlement.count": "it is not offered in that many payments",
    "settlement.too_small": "the amount is too small",
    "settlement.too_late": "the day is too late",
    "settlement.not_lapsed": "the agreement has not lapsed",
    "settlement.revivals": "the agreement was revived as often as it may be",
    "affordability.assessed": "it was assessed already",
    "affordability.no_surplus": "the customer has nothing left to pay with",
    "affordability.too_small": "what the customer can pay is too little for a plan",
    "affordability.unaffordable": "the customer can't afford any plan of these rules",
    "look_up.secret": "the look-up's secret is not set, or is no key",
    "look_up.url": "the look-up's URL can't be called",
    "look_up.address": "the host's address is not public; GATEWAY_WEBHOOK_NETWORKS allows more",
    "look_up.not_sent": "the host can't be reached",
    "look_up.no_answer": "the host did not answer in time",
    "look_up.status": "the host answered with a status other than 200",
    "look_up.too_large": "the host's answer is too large",
    "look_up.unreadable": "the host's answer can't be read",
    "look_up.other_account": "the host answered about another account",
    "look_up.unexpected": "the look-up failed; the log says why",
}


def meaning(rule: str) -> str:
    """What a rule's name says; a pointer says where it stands, and any other word is a hold."""
    known = RULES.get(rule)
    if known is not None:
        return known
    if rule.startswith("/offers"):
        return f"what the host offers ({rule})"
    return f"the client's file ({rule})" if rule.startswith("/") else f"a hold ({rule})"
