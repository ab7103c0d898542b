"""HTML mail to what was written in it."""

import pytest

from channels.email.visible import visible_reply
from tests.channels.visible_html import CLIENTS, OWN


@pytest.mark.parametrize("name", CLIENTS)
def test_an_answer_in_html(name: str) -> None:
    assert visible_reply(None, CLIENTS[name]).replace("\n\n", "\n") == OWN


@pytest.mark.parametrize("name", CLIENTS)
def test_broken_off_html_loses_no_word_of_the_answer(name: str) -> None:
    html = CLIENTS[name]
    end = html.rindex("all right?") + len("all right?")
    assert visible_reply(None, html[:end]).replace("\n\n", "\n").endswith("all right?")


def test_answers_between_quotes_of_gmail() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">x wrote:</div>'
        '<blockquote class="gmail_quote">When?</blockquote></div><div>On Friday.</div>'
        '<blockquote class="gmail_quote">How much?</blockquote><div>50.</div>'
    )
    assert visible_reply(None, html).split() == ["On", "Friday.", "50."]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/><br>c", "a\nb\n\nc"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table>", "x y\nz"),
        ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
        ("&lt;50 &amp; &eacute;&#8364;&nbsp;x", "<50 & é€ x"),
        ("a < b and c > d", "a < b and c > d"),
        ("<head><title>t</title></head><style>p{}</style>a<script>'<p>'</script>b", "ab"),
        ('a<div style="display:none">b</div><span hidden>c</span><!-- d -->e', "a\n\ne"),
        ("a<!--[if mso]><p>b</p><![endif]-->c<![if x]>d", "acd"),
        ('<p title="a > b">c</p>', "c"),
        ("<b>bo</b>ld <i>it</i>", "bold it"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("</div></p>a</b>", "a"),
        (
            '<blockquote style="margin:0 0 0 40px;border:none">indented</blockquote>b',
            "indented\n\nb",
        ),
        ("a" + "<div>" * 500 + "b" + "</div>" * 500 + "c", "a\nb\nc"),
        ("", ""),
    ],
)
def test_html_reads_as_a_browser_shows_it(html: str, text: str) -> None:
    assert visible_reply(None, html).replace("\n\n", "\n") == text.replace("\n\n", "\n")


def test_words_written_into_a_signature_stay_where_there_are_no_others() -> None:
    quote = '<blockquote type="cite">When?</blockquote>'
    signed = '<div id="Signature">On Friday.</div>'
    assert visible_reply(None, signed + quote) == "On Friday."
    assert visible_reply(None, "<p>Yes.</p>" + signed + quote) == "Yes."


def test_a_forward_in_html_with_nothing_above_leaves_what_it_brings() -> None:
    html = (
        '<div class="moz-forward-container">-------- Forwarded Message --------<br>Subject: Due<br>'
        "From: Harbour &lt;care@harbour.example&gt;<br><br>I did pay.</div>"
    )
    assert visible_reply(None, html) == "I did pay."
