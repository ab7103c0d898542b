"""What a person wrote is never a machine's, whatever it quotes, passes on or tells of."""

import pytest

from channels.email.machines import judge
from channels.email.mail import Mail
from domain.mail import Attachment, MailKind
from tests.channels.email.mails import CUSTOMER, US, fields, mail, notice, ours

BOUNCE = (
    "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your"
    " message could not be delivered to one or more recipients.\n\n<ana@old.example>: host"
    " mx.example said: 550 5.1.1 User unknown (in reply to RCPT TO command)"
)
AWAY = "I am out of the office until Monday, with limited access to email. In urgent cases call Bo."
QUOTED = "\n".join(f"> {line}" for line in BOUNCE.splitlines())
OUTLOOK = "-----Original Message-----\nFrom: MAILER-DAEMON@mx.example\nTo: ana@shop.example\n"
QUESTION = "\n\nWhat is this about?"

BOUNCES_TOLD = [
    mail(f"I got this back from you:\n\n{QUOTED}", subject="Re: your bill"),
    mail(f"See below.\n\n{OUTLOOK}\n{BOUNCE}", subject="FW: Undelivered Mail Returned to Sender"),
    mail(f"---------- Forwarded message ---------\n{BOUNCE}", subject="Fwd: failure notice"),
    mail(f"Begin forwarded message:\n\n{BOUNCE}", subject="Fwd: Delivery Status Notification"),
    mail(BOUNCE + QUESTION, subject="WG: Unzustellbar: Rechnung"),
    mail(f"Your mail bounced, 550 5.1.1.\n{QUOTED}", subject="Undeliverable", references=("q@b",)),
    mail("Your mail bounced.", subject="your mail bounced"),
    mail("My mail to you was returned: user unknown, error 550.", subject="Mail delivery problem"),
    mail(
        "My letters could not be delivered. My new address:\nana@new.example",
        subject="Undeliverable letters",
        reply_to="ana@new.example",
    ),
    mail("My post is undeliverable at 550 Main St, use ana@new.example", subject="New address"),
    mail("The parcel failed to be delivered, delivery failed 3 times.", subject="Delivery failed"),
    mail("My account is suspended. I can't pay, the mailbox is full.", subject="Account disabled"),
    mail("I can pay 550 on Friday", subject="Re: Reminder"),
    mail("I paid 5.1.1 and 452.", subject="payment returned by the bank", references=("q@b",)),
    mail("See attached", subject="Fwd: Undelivered Mail", returned=(notice("Action: failed"),)),
    mail(
        "What is this?",
        subject="Fwd: Undelivered Mail Returned to Sender",
        content_type="multipart/mixed",
        statuses=(fields("Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1"),),
    ),
    mail(
        f"Hi, your mail could not be delivered to <{CUSTOMER}>, please use this address.",
        subject="Your mail",
        returned=(ours(CUSTOMER),),
    ),
    mail(f"Could not be delivered to <{CUSTOMER}>. Why?", returned=(ours(CUSTOMER),)),
    mail("I can pay 550 on Friday.", sender="postmaster@shop.example", subject="Re: Your bill"),
    mail("", subject="Delivery failed", attachments=(Attachment("a.jpg", "image/jpeg", 9, 1),)),
]
ABSENCES_TOLD = [
    mail("I'm out of the office this week. Can I pay on Friday?", subject="Re: Your bill"),
    mail("I am on vacation until Monday and will pay then.", subject="Re: Your bill"),
    mail("I am on leave, unpaid. I can't pay.", subject="Payment"),
    mail(f"I got no answer but this:\n\n> {AWAY}", subject="Re: Your bill"),
    mail(f"Who is Bo?\n\n{OUTLOOK}\n{AWAY}", subject="RE: Automatic reply: Your bill"),
    mail("I work in an automatic car wash. No money.", subject="Re: Your bill"),
    mail("Thank you for your email. I will pay on Friday.", subject="Re: Your bill"),
    mail("We have received your message. My wife will pay.", subject="Re: Your bill"),
    mail("Please confirm that you got my payment", subject="Confirm my payment"),
    mail("Please confirm your address so I can send a cheque", subject="Please confirm"),
    mail("yes", subject="Re: Your bill", headers={"X-Auto-Response-Suppress": "All"}),
    mail(
        "I'm out of the office this week. Can I pay on Friday?",
        subject="Re: Your bill",
        references=("q@bank.example",),
        headers={"X-Auto-Response-Suppress": "All"},
    ),
    mail("yes", subject="Re: Your bill", headers={"Auto-Submitted": "no"}),
    mail("yes", subject="Re: Your bill", headers={"X-Autoreply": "no"}),
    mail(
        "yes", subject="Re: Your bill", headers={"Precedence": "bulk"}, references=("q1@b.example",)
    ),
    mail("Read this: I paid.", subject="Re: Read"),
    mail("Absolutely not.", subject="Absolutely not"),
    mail("Autumn is fine", subject="Autumn"),
]
OTHERS = [
    mail("I want to file a complaint about spam from you!", subject="Complaint about message"),
    mail("You sent me spam.\n\nReceived: from you", subject="spam report"),
    mail("Your message, abuse!", subject="FW: Your bill", returned=(ours(),)),
    mail("", subject="STOP"),
    mail("", html="<p>I will pay</p>"),
    mail("", attachments=(Attachment("slip.pdf", "application/pdf", 900, 1),)),
    mail("I accept", content_type="text/calendar"),
    mail("I'll pay.\n\nMy list: List-Id: <x>", subject="List"),
]


@pytest.mark.parametrize("written", [*BOUNCES_TOLD, *ABSENCES_TOLD, *OTHERS])
def test_a_person(written: Mail) -> None:
    assert judge(written).kind is MailKind.REPLY


def test_our_own_marks_in_what_is_quoted_say_nothing_of_the_reply() -> None:
    quoted = f"> Auto-Submitted: auto-generated\n> From: {US}\n> This is an automated message."
    answer = mail(f"I will pay on Friday.\n\n{quoted}", subject="Re: Your bill", returned=(ours(),))
    assert judge(answer).kind is MailKind.REPLY


def test_a_group_that_is_our_mailbox_is_no_list() -> None:
    headers = {"List-Id": "<collect.bank.example>", "List-Post": f"<mailto:{US}>"}
    by_group = mail("I will pay", sender=CUSTOMER, headers={**headers, "Precedence": "list"})
    assert judge(by_group, mailbox=US.upper()).kind is MailKind.REPLY
    assert judge(by_group, mailbox="other@bank.example").kind is MailKind.LIST
    assert judge(by_group).kind is MailKind.LIST
