"""Twilio's error codes in our words (www.twilio.com/docs/api/errors).

`retry` says what becomes of a message that was refused with the code: "later" where another try
may succeed, "never" where it can't.
"""

from typing import Literal

from domain.messages import Reason

Retry = Literal["later", "never"]

CODES: dict[int, tuple[Reason, Retry]] = {
    # the customer has opted out
    21610: (Reason.OPTED_OUT, "never"),
    # the address takes no messages
    21211: (Reason.BAD_ADDRESS, "never"),  # not a number
    21214: (Reason.BAD_ADDRESS, "never"),  # can't be reached
    21217: (Reason.BAD_ADDRESS, "never"),  # not a number
    21265: (Reason.BAD_ADDRESS, "never"),  # a short code
    21421: (Reason.BAD_ADDRESS, "never"),  # not a number
    21604: (Reason.BAD_ADDRESS, "never"),  # missing
    21614: (Reason.BAD_ADDRESS, "never"),  # a landline
    21635: (Reason.BAD_ADDRESS, "never"),  # a landline
    30005: (Reason.BAD_ADDRESS, "never"),  # the handset is unknown
    30006: (Reason.BAD_ADDRESS, "never"),  # a landline, or a carrier that can't be reached
    # it may work at another time
    14107: (Reason.TEMPORARY, "later"),  # the rate between two numbers
    20429: (Reason.TEMPORARY, "later"),  # too many requests
    20500: (Reason.TEMPORARY, "later"),  # internal error
    20503: (Reason.TEMPORARY, "later"),  # service unavailable
    21611: (Reason.TEMPORARY, "later"),  # the sender's queue is full
    30001: (Reason.TEMPORARY, "later"),  # the queue overflowed
    30003: (Reason.TEMPORARY, "later"),  # the handset is off or out of reach
    30008: (Reason.TEMPORARY, "later"),  # no cause given
    30017: (Reason.TEMPORARY, "later"),  # the carrier's network is congested
    30022: (Reason.TEMPORARY, "later"),  # the campaign's rate
    30023: (Reason.TEMPORARY, "later"),  # the campaign's daily cap
    30036: (Reason.TEMPORARY, "later"),  # the validity period ran out
    30410: (Reason.TEMPORARY, "later"),  # the carrier did not answer in time
    # a carrier or Twilio blocks what we send: stop and look
    30004: (Reason.BLOCKED, "never"),
    30007: (Reason.BLOCKED, "never"),  # filtered as spam
    30450: (Reason.BLOCKED, "never"),
    # our sender or our configuration is at fault: alert
    20003: (Reason.SENDER, "later"),  # the credentials; the message can go once they are mended
    20404: (Reason.SENDER, "later"),  # the account
    21212: (Reason.SENDER, "never"),  # not a sender
    21408: (Reason.SENDER, "never"),  # no permission for the region
    21602: (Reason.SENDER, "never"),  # an empty body
    21603: (Reason.SENDER, "never"),  # no sender given
    21606: (Reason.SENDER, "never"),  # the number is not the account's, or can't send
    21609: (Reason.SENDER, "never"),  # the status callback's URL
    21612: (Reason.SENDER, "never"),  # this sender can't reach this number
    21617: (Reason.SENDER, "never"),  # the body is longer than 1,600 characters
    21656: (Reason.SENDER, "never"),
    21659: (Reason.SENDER, "never"),  # the number is not the account's
    21660: (Reason.SENDER, "never"),  # the number belongs to another account
    21703: (Reason.SENDER, "never"),  # the messaging service has no senders
    21704: (Reason.SENDER, "never"),  # the messaging service has no senders
    30002: (Reason.SENDER, "never"),  # the account is suspended
    30010: (Reason.SENDER, "never"),  # the price limit
    30018: (Reason.SENDER, "never"),  # no destination registered
    30019: (Reason.SENDER, "never"),  # the content is too large
    30024: (Reason.SENDER, "never"),  # the number is not provisioned at the carrier
    30032: (Reason.SENDER, "never"),  # a toll-free number that is not verified
    30033: (Reason.SENDER, "never"),  # the campaign is suspended
    30034: (Reason.SENDER, "never"),  # an unregistered number
    30035: (Reason.SENDER, "never"),  # the number's registration is not ready
}

STATUSES: dict[int, tuple[Reason, Retry]] = {
    401: (Reason.SENDER, "later"),
    403: (Reason.SENDER, "later"),
    404: (Reason.SENDER, "later"),
    408: (Reason.TEMPORARY, "later"),
    429: (Reason.TEMPORARY, "later"),
}
"""HTTP statuses of refusals whose code says nothing: the message surely did not go."""


def reason_of(code: str | None) -> Reason:
    """Why a message was not delivered, by the ErrorCode of its receipt."""
    known = CODES.get(int(code)) if code and code.isascii() and code.isdigit() else None
    return known[0] if known else Reason.UNKNOWN


def refusal(status: int, code: int | None) -> tuple[Reason, Retry]:
    """What an answer of 3xx or 4xx says of the message it refused."""
    if code in CODES:
        return CODES[code]
    if 300 <= status < 400:  # we talk to something that is not the API
        return Reason.SENDER, "later"
    return STATUSES.get(status, (Reason.UNKNOWN, "never"))
