"""Whatever a mail holds, it is judged, and judged the same again; and at a bounded cost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.machines import judge
from channels.email.machines.addresses import first_address, typed
from channels.email.machines.codes import weigh
from channels.email.mail import Mail
from domain.mail import Attachment, MailKind
from tests.channels.email.mails import daemon, mail

PIECES = (
    "550 5.1.1 452 4.2.2 <a@x.example> b@x.example: > RCPT TO:< mailbox full user unknown not"
    " delivered to deliver quota \n \n\n To: Subject: From: Received:\tfrom out of office until"
    " automatic reply click here to verify message -----Original Message----- @ \ud800 \x00 é 满"
)
WORDS = st.sampled_from(PIECES.split(" "))
SOUP = st.lists(WORDS, max_size=40).map(" ".join)
TEXT = st.one_of(st.text(max_size=60), SOUP)
ADDRESS = st.one_of(st.just(""), st.just("mailer-daemon"), st.just("a@x.example"), TEXT)
NAMES = st.sampled_from(
    "Action Status Final-Recipient Original-Recipient Diagnostic-Code Auto-Submitted Precedence"
    " List-Id X-Failed-Recipients Feedback-Type Original-Rcpt-To X-Autoreply".split()
)
FIELDS = st.lists(st.tuples(NAMES, TEXT), max_size=5).map(tuple)


def mails(inner: st.SearchStrategy[Mail] | None) -> st.SearchStrategy[Mail]:
    return st.builds(
        Mail,
        fields=FIELDS,
        sender=ADDRESS,
        sender_name=TEXT,
        reply_to=st.none() | ADDRESS,
        return_path=st.none() | ADDRESS,
        recipients=st.lists(ADDRESS, max_size=3).map(tuple),
        subject=TEXT,
        date=st.none(),
        message_id=st.none() | TEXT,
        references=st.lists(TEXT, max_size=2).map(tuple),
        content_type=st.sampled_from(["text/plain", "multipart/report", "text/calendar", ""]),
        parameters=st.sampled_from([(), (("report-type", "delivery-status"),)]),
        text=st.none() | TEXT,
        html=st.none() | TEXT.map(lambda text: f"<p>{text}<style><b>"),
        attachments=st.sampled_from([(), (Attachment("a", "text/calendar", 1, 1),)]),
        statuses=st.lists(FIELDS, max_size=3).map(tuple),
        feedback=st.one_of(st.just(()), FIELDS),
        returned=st.just(()) if inner is None else st.lists(inner, max_size=2).map(tuple),
        faults=st.just(()),
    )


@given(mails(mails(None)))
@settings(max_examples=150)
def test_every_mail_is_judged(written: Mail) -> None:
    judged = judge(written)
    assert judged == judge(written)
    assert judged.kind is MailKind.BOUNCE or not judged.bounces
    assert (judged.kind is MailKind.COMPLAINT) == (judged.complaint is not None)
    addresses = [one.address.lower() for one in judged.bounces]
    assert len(set(addresses)) == len(addresses)
    assert all("@" in one for one in addresses)
    assert all(one.status is None or one.status[0] in "45" for one in judged.bounces)
    assert all(not one.permanent or (one.status or "5")[0] == "5" for one in judged.bounces)


@given(TEXT, st.none() | st.sampled_from(["5.1.1", "4.0.0", "5.0.0", "4.2.2"]))
@settings(max_examples=100)
def test_a_temporary_code_is_never_called_permanent(text: str, status: str | None) -> None:
    found = weigh(text, status)
    assert found is None or not (found.permanent and (found.status or "5").startswith("4"))
    assert status is None or found is not None


@given(TEXT)
@settings(max_examples=100)
def test_addresses_hold_one_at_sign_at_least_and_no_brackets(text: str) -> None:
    for found in (first_address(text), typed(text), typed(f"rfc822; {text}")):
        assert found is None or ("@" in found and not set("<> \n") & set(found))


SIZE = 40_000


def test_no_text_however_made_is_read_beyond_its_bounds() -> None:
    """Each of these took seconds, and would take minutes at ten times the size."""
    for seed in ("user", "RCPT TO:<", "recipient:", "\n", "a@b.c ", "<b", " ", "550 ", "> "):
        text = seed * (SIZE // len(seed))
        assert judge(daemon(text)).kind is MailKind.BOUNCE
        judge(mail(None, html=text, subject=text))
    assert len(judge(daemon(" ".join(f"u{n}@x.example" for n in range(5000)))).bounces) <= 100
