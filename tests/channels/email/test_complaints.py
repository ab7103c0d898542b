"""Feedback reports: by RFC 5965, and as providers write them without it."""

import pytest

from channels.email.machines import judge
from domain.mail import Complained, MailKind
from tests.channels.email.mails import CUSTOMER, US, Mail, fields, mail, ours


def feedback(block: str, *back: Mail) -> Mail:
    return mail(
        "This is an email abuse report.",
        sender="fbl@isp.example",
        subject="FW: Your bill",
        report="feedback-report",
        feedback=fields(block),
        returned=back,
    )


@pytest.mark.parametrize(
    ("block", "complained"),
    [
        (f"Feedback-Type: abuse\nOriginal-Rcpt-To: <{CUSTOMER}>", Complained("abuse", CUSTOMER)),
        (f"feedback-type: Fraud\nOriginal-Rcpt-To: {CUSTOMER}", Complained("fraud", CUSTOMER)),
        (f"Feedback-Type: opt-out\nRemoval-Recipient: {CUSTOMER}", Complained("opt-out", CUSTOMER)),
        (f"Original-Rcpt-To: rfc822; {CUSTOMER}", Complained("abuse", CUSTOMER)),
        ("Feedback-Type: not-spam\nVersion: 1", Complained("not-spam", None)),
        ("Feedback-Type: abuse\nRedacted-Address: redacted@", Complained("abuse", None)),
        ("Feedback-Type: abuse\nOriginal-Rcpt-To: no <redacted@x.example>", Complained("abuse")),
        ("Feedback-Type:\nVersion: 1", Complained("abuse", None)),
    ],
)
def test_the_standard_report(block: str, complained: Complained) -> None:
    judged = judge(feedback(block))
    assert (judged.kind, judged.complaint, judged.bounces) == (MailKind.COMPLAINT, complained, ())


def test_whose_complaint_it_is_may_stand_in_the_returned_mail_alone() -> None:
    judged = judge(feedback("Feedback-Type: abuse", ours(CUSTOMER)))
    assert judged.complaint == Complained("abuse", CUSTOMER)
    blotted = judge(feedback("Feedback-Type: abuse", ours("redacted@isp.example")))
    assert blotted.complaint == Complained("abuse", None)


def test_a_report_whose_fields_are_lost_is_still_a_complaint() -> None:
    assert judge(feedback("")).complaint == Complained("abuse", None)


def test_hotmail_names_the_recipient_in_a_header_of_the_returned_mail() -> None:
    returned = mail(
        "Your bill",
        sender=US,
        to=("list@bank.example",),
        headers={"X-HmXmrOriginalRecipient": CUSTOMER},
    )
    told = mail(
        "",
        sender="staff@hotmail.example",
        subject="complaint about message from 192.0.2.7",
        returned=(returned,),
    )
    assert judge(told).complaint == Complained("abuse", CUSTOMER)
    assert judge(returned).complaint == Complained("abuse", CUSTOMER)


def test_a_plain_forward_of_a_feedback_loop() -> None:
    told = mail(
        "This is an abuse report for a message received from IP 192.0.2.7.",
        sender="feedbackloop@isp.example",
        subject="Abuse Report",
        returned=(ours(CUSTOMER),),
    )
    assert judge(told).complaint == Complained("abuse", CUSTOMER)


def test_who_asks_us_to_stop() -> None:
    stops = {"abuse", "fraud", "virus", "opt-out", "other", "abuse; x"}
    assert all(Complained(kind).objects for kind in stops)
    assert not any(Complained(kind).objects for kind in ("not-spam", "auth-failure"))
