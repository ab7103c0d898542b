"""Amazon SES's notices that a topic mails: JSON as the words of a mail."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from channels.email.machines import Judged, judge
from domain.mail import Bounced, Complained, MailKind
from tests.channels.email.mails import CUSTOMER, mail

FOOTER = (
    "\n\n--\nIf you wish to stop receiving notifications from this topic, please visit the link"
)


def told(text: str) -> Judged:
    return judge(mail(text, sender="no-reply@topics.example", subject="AWS Notification Message"))


def bounce(kind: str, **recipient: Any) -> str:
    who = {"emailAddress": CUSTOMER} | recipient
    return json.dumps(
        {"notificationType": "Bounce", "bounce": {"bounceType": kind, "bouncedRecipients": [who]}}
    )


def test_bounces() -> None:
    code = {"status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
    assert told(bounce("Permanent", **code) + FOOTER).bounces == (Bounced(CUSTOMER, True, "5.1.1"),)
    full = bounce("Transient", status="5.2.2", diagnosticCode="smtp; 552 mailbox full")
    assert told(full).bounces == (Bounced(CUSTOMER, False, "5.2.2"),)
    assert told(bounce("Transient")).bounces == (Bounced(CUSTOMER, False, None),)
    broken = bounce("Permanent").replace("bouncedRec", "bounced!\n Rec").replace("Type", "Ty!\n pe")
    assert told(broken + FOOTER).bounces == (Bounced(CUSTOMER, True, None),)


def test_complaints_and_other_events() -> None:
    who = {"complainedRecipients": [{"emailAddress": f"Ana <{CUSTOMER}>"}]}
    said = told(json.dumps({"eventType": "Complaint", "complaint": who}) + FOOTER)
    assert said.complaint == Complained("abuse", CUSTOMER)
    assert told('{"notificationType": "Delivery"}').kind is MailKind.REPLY
    assert told('{"notificationType": "Complaint"}').complaint == Complained("abuse", None)


ANY = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(), lambda v: st.lists(v, max_size=3)
)


@given(kind=st.sampled_from(["Bounce", "Complaint"]), inner=ANY, who=ANY, cut=st.integers(0, 200))
def test_whatever_stands_there_is_judged(kind: str, inner: Any, who: Any, cut: int) -> None:
    name = kind.lower()
    for value in (inner, {"bouncedRecipients": who, "complainedRecipients": who}):
        for one in (value, {"bouncedRecipients": [{"emailAddress": value, "status": who}]}):
            text = json.dumps({"notificationType": kind, name: one})
            assert told(text).kind in (MailKind.BOUNCE, MailKind.COMPLAINT)
            assert told(text[:cut]).kind in MailKind
    assert told("{" * 50_000).kind is MailKind.REPLY
    assert told('{"a":' * 10_000).kind is MailKind.REPLY
