"""What mail programs make of an answer in HTML; each says OWN above what it quotes."""

OWN = "I can pay 50 on Friday.\nIs that all right?"
BODY = "<p>Dear Ann,</p><p>your account 4711 is past due.<br>Please pay by 15 May.</p>"
WRITTEN = "<div>I can pay 50 on Friday.</div><div>Is that all right?</div>"

CLIENTS = {
    "gmail": f"""<div dir="ltr">{WRITTEN}</div><br><div class="gmail_quote gmail_quote_container">
<div dir="ltr" class="gmail_attr">On Mon, 4 May 2026 at 10:15, Harbour &lt;<a href="mailto:care@harbour.example">
care@harbour.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px
0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{BODY}</blockquote></div>""",
    "gmail with a signature": f"""<div dir="ltr">{WRITTEN}<br clear="all"><div>-- <br><div dir="ltr"
class="gmail_signature" data-smartmail="gmail_signature">Ann Pike<br>Potter</div></div></div><div
class="gmail_quote"><div dir="ltr" class="gmail_attr">unknown words:</div><blockquote
class="gmail_quote">{BODY}</blockquote></div>""",
    "old gmail": f"""{WRITTEN}<br><div class="gmail_quote">2011/5/4 Harbour <span dir="ltr">&lt;<a
href="mailto:care@harbour.example">care@harbour.example</a>&gt;</span><br><blockquote
class="gmail_quote">{BODY}</blockquote></div>""",
    "apple": f"""<html><body style="overflow-wrap: break-word;">{WRITTEN}<br><div><br><blockquote
type="cite"><div>On 4 May 2026, at 10:15, Harbour &lt;care@harbour.example&gt; wrote:</div><br
class="Apple-interchange-newline"><div>{BODY}</div></blockquote></div></body></html>""",
    "iphone": f"""<body dir="auto">{WRITTEN}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent
from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 4 May 2026, at 10:15, Harbour
&lt;care@harbour.example&gt; wrote:<br><br></blockquote></div><blockquote type="cite">{BODY}
</blockquote></body>""",
    "outlook": f"""<div class=WordSection1><p class=MsoNormal>I can pay 50 on Friday.<o:p></o:p></p><p
class=MsoNormal>Is that all right?</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div
style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>From:</b>
Harbour &lt;care@harbour.example&gt; <br><b>Sent:</b> Monday, May 4, 2026 10:15 AM<br><b>To:</b> Ann
Pike<br><b>Subject:</b> Your account</p></div></div>{BODY}</div>""",
    "outlook in german": f"""<p class=MsoNormal>I can pay 50 on Friday.<br>Is that all right?</p><div
style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Von:</b> Harbour &lt;care@harbour.example&gt;
<br><b>Gesendet:</b> Montag, 4. Mai 2026 10:15<br><b>An:</b> Ann Pike<br><b>Betreff:</b> Konto</p></div>
{BODY}""",
    "outlook on the web": f"""<div class="elementToProof">{WRITTEN}</div><div id="appendonsend"></div><hr
style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font
face="Calibri"><b>Da:</b> Harbour<br><b>Inviato:</b> un giorno</font><div>&nbsp;</div></div>{BODY}""",
    "outlook for phones": f"""{WRITTEN}<div id="ms-outlook-mobile-signature"><div>Hol dir <a
href="https://aka.ms/o0ukef">Outlook</a></div></div><div id="mail-editor-reference-message-container">
<hr><b>From:</b> someone<br>{BODY}</div>""",
    "yahoo": f"""<div class="yahoo-style-wrap"><div dir="ltr">I can pay 50 on Friday.</div><div>Is that
all right?</div></div><div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted"><div>El lunes, 4 de mayo,
Harbour escribió:</div>{BODY}</div>""",
    "thunderbird": f"""<p>I can pay 50 on Friday.<br>Is that all right?</p><div
class="moz-cite-prefix">Am 04.05.26 um 10:15 schrieb Harbour:<br></div><blockquote type="cite"
cite="mid:x@harbour.example">{BODY}</blockquote><div class="moz-signature">-- <br>Ann</div>""",
    "proton": f"""<div style="font-family: Arial">{WRITTEN}</div><div
class="protonmail_signature_block"><div class="protonmail_signature_block-proton">Sent with <a
href="https://proton.example">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">On
Monday, May 4th, 2026 at 10:15 AM, Harbour &lt;care@harbour.example&gt; wrote:<br><blockquote
class="protonmail_quote" type="cite">{BODY}</blockquote></div>""",
    "zoho": f"""{WRITTEN}<div class="zmail_extra" id="zmail_extra_1"><br><br>---- On Mon, 04 May 2026
<b>Harbour</b> wrote ----<br><blockquote id="blockquote_zmail">{BODY}</blockquote></div>""",
    "hotmail": f"""<body class="hmmessage"><div dir="ltr">{WRITTEN}<div><hr id="stopSpelling">Date: Mon, 4
May 2026<br>From: care@harbour.example<br>{BODY}</div></div></body>""",
    "mail.ru": f"""<p>I can pay 50 on Friday.<br>Is that all right?</p><blockquote
style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">Понедельник, 4 мая 2026, 10:15
+03:00 от Harbour &lt;care@harbour.example&gt;:<br>{BODY}</blockquote>""",
    "marks in text": "I can pay 50 on Friday.<br>Is that all right?<br><br>&gt; Dear Ann,<br>&gt; your "
    "account 4711<br>",
}
