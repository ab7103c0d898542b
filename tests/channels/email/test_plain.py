"""HTML as words: as a person would see it, whatever was left open."""

import pytest

from channels.email.plain import lines_of


@pytest.mark.parametrize(
    ("html", "meant"),
    [
        ("<p>I can <b>not</b> pay <i>on</i>Friday</p>", "I can not pay onFriday"),
        ("I&nbsp;owe &pound;5 &lt;now&gt;", "I owe £5 <now>"),
        ("one<br>two<div>three</div>", "one\ntwo\nthree"),
        ("<tr><td>a</td><td>b</td></tr>", "a\n\nb"),
        ("two\n  lines of <a\nhref='x'>one</a>", "two lines of one"),
        ("<img alt=\"5 > 3\">Hello <input value='a>b'>Ana", "Hello Ana"),
        ("<p title=it's>Don't</p>", "Don't"),
        ('<a href="open>I pay "now" <b>please</b>', 'I pay "now" please'),
        ("<style>p {}</style><script>x</script><title>T</title>Hi", "Hi"),
        ("a<!-- <b>not</b> this -->b<!--[if mso]><p>or this</p><![endif]-->", "ab"),
        ("a<!-->b<!-- open <b>c</b>", "ab<!-- open c"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_words_of_html(html: str, meant: str) -> None:
    assert lines_of(html).strip() == meant
