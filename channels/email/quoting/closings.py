"""Words of lines that nobody wrote by hand: of phones and programs, of lists, of lawyers."""

SENT_FROM = """
from my iphone|from my ipad|from my android|sent from|sent via|typed on|written on my
sent with|sent using|sent by|sent on|sent through|get outlook for
download outlook for|get the outlook app
enviado desde|enviado de|enviado do|enviado a partir|enviado via|enviado con|enviado com
enviada do|enviado por|obtener outlook|obter o outlook
envoyé de|envoyé depuis|envoyé à partir|envoyé avec|envoyé via|obtenez outlook|télécharger outlook
obtenir outlook|provenance :
gesendet von|von meinem|gesendet mit|gesendet über|gesendet aus|gesendet via
von unterwegs gesendet|outlook für|holen sie sich outlook|diese nachricht wurde von meinem
inviato da|inviato dal|inviato con|inviato tramite|ottieni outlook|scarica outlook
verzonden vanaf|verstuurd vanaf|verzonden met|verstuurd met|verstuurd via|verzonden via
verzonden door|download outlook|outlook voor
wysłano z|wysłane z|wysłano przy użyciu|pobierz outlook|pobierz program outlook
skickat från|skickades från|hämta outlook|sendt fra|send fra|sendt med|hent outlook|få outlook
lähetetty|hanki outlook|odesláno z|odoslané z|poslano z|získejte outlook|elküldve|küldve
az outlook beszerzése|trimis de pe|trimis din|descărcați outlook
отправлено с|отправлено из|послано с|скачать outlook|надіслано з|відправлено з|gönderildi
gönderilmiştir|edinin
στάλθηκε από|εστάλη από|iphoneから送信|ipadから送信|から送信|から iphone|发自我的|从我的|发送自
來自我的|從我的|傳送自|寄件自|内の|에서 보냄
보냄|从 iphone
أرسلت من|تم الإرسال من|مرسل من|מה-iphone|נשלח מ|נשלח מה|đã gửi từ|được gửi từ|dikirim dari|ส่งจาก
saadetud minu|poslato sa|poslano iz|enviat des
"""
"""Beginnings of the line that a phone or a program adds."""

SENT_FROM_AFTER = "から送信|에서 보냄|gönderildi|보냄|edinin|beszerzése"
"""Its ends, in languages that put the verb there."""

DEVICES = """
iphone iphon ipad ipod android samsung galaxy huawei xiaomi redmi oppo oneplus pixel nokia lumia
blackberry motorola sony xperia htc lg
outlook yahoo gmail aol hotmail proton protonmail tutanota gmx web.de mail.ru t-online orange
windows phone smartphone handy mobile mobil móvil
movil celular cell tablet telefon teléfono telefoon telefono téléphone device dispositivo appareil
gerät mail email verizon t-mobile pc typeapp ti-85 at&t
vodafone o2 sprint wireless handheld palm treo nexus mailbox spark superhuman airmail edison
bluemail thunderbird zoho yandex nine boxer
телефона телефон айфона айфон 手机 手機 puhelimesta puhelimestani laitteesta ios macbook mac blue
app
moto surface hand-held comcast xfinity
portable
""".split()
"""Words one of which stands in such a line."""

FOOTERS = """
you received this message because you are subscribed to
you are receiving this because you
to unsubscribe from this group
to unsubscribe from this list
to unsubscribe, e-mail
to unsubscribe, send
to post to this group, send
for more options, visit this group
reply to this email directly or view it on github
reply to this email directly, view it on github
you can reply to this email or
vous recevez ce message car vous êtes abonné
has recibido este mensaje porque estás suscrito
du erhältst diese nachricht, weil
sie erhalten diese nachricht, weil
you've received this message because
"""
"""Beginnings of what lists and forges add at the end."""

SCANNED = """
this email has been checked for viruses by
this e-mail has been checked for viruses by
this email was scanned by
this message has been scanned for viruses
this message has been scanned by
this email has been scanned
virus-free. www
virus-free.www
no virus found in this
el software de antivirus avast
este correo electrónico ha sido comprobado
diese e-mail wurde von avast
l'absence de virus dans ce courrier
cet e-mail a été vérifié par
questa e-mail è stata controllata
dit e-mailbericht is gecontroleerd
este e-mail foi verificado
ta wiadomość została sprawdzona
please consider the environment before printing
think before you print
"""

DISCLAIMERS = """
confidentiality notice
confidential notice
confidentiality note
confidentiality:
confidential:
disclaimer
legal notice
privileged and confidential
privileged/confidential
notice of confidentiality
important notice:
caution: this email
this e-mail and any
this email and any
this e-mail message and any
this email message and any
this message and any
this e-mail, including
this email, including
this message, including
this message (including
this e-mail (including
this email (including
this e-mail contains
this email contains
this message contains
this e-mail message is
this e-mail is intended
this email is intended
this message is intended
this transmission
this communication
the information contained in this
the information in this
the information transmitted
the contents of this
the content of this
any views or opinions
if you are not the intended
if you have received this
diese e-mail enthält
diese e-mail und
diese nachricht enthält
diese nachricht ist
der inhalt dieser e-mail
haftungsausschluss
vertraulichkeitshinweis
ce message et
ce message est
ce courriel
ce courrier
cet e-mail
les informations contenues dans
avis de confidentialité
este mensaje y
este mensaje contiene
este mensaje va dirigido
este correo electrónico
este correo y
la información contenida en este
aviso legal
aviso de confidencialidad
esta mensagem
este e-mail
este email
aviso de confidencialidade
questo messaggio
questa e-mail
le informazioni contenute
informativa privacy
avviso di riservatezza
dit bericht
dit e-mailbericht
deze e-mail
de informatie in deze
de inhoud van dit
ta wiadomość
niniejsza wiadomość
treść tej wiadomości
detta meddelande
detta e-post
denne e-mail
denne e-post
denne melding
tämä viesti
tämä sähköposti
tato zpráva
tento e-mail
obsah této
ez az e-mail
ez az üzenet
acest mesaj
acest e-mail
данное сообщение
это сообщение
настоящее сообщение
це повідомлення
bu e-posta
bu ileti
bu mesaj
το παρόν μήνυμα
本邮件
此邮件
本电子邮件
このメール
本メール
이 메일
هذه الرسالة
"""
"""Beginnings of legal paragraphs; one of LEGAL has to stand in the same paragraph."""

SECRET = """
confidential privileged recipient addressee vertraulich adressat empfänger confidencial
destinatari confidentiel destinataire
riservat destinatario vertrouwelijk geadresseerde poufn adresat konfidentiel fortrolig
konfidensiel luottamuks důvěrn
bizalmas confidenţial confidențial конфиденциальн конфіденційн gizli εμπιστευτικ 保密 机密 機密
기밀 سري
""".split()
"""Beginnings of words of secrecy."""

LEGAL = [
    *SECRET,
    *"unauthori disclos disclaim prohibited liability legal unbefugt haftung intended".split(),
    *"delete virus".split(),
    *"löschen vernichten eliminar borrar supprimer détruire cancellare distruggere".split(),
    *"verwijder usun".split(),
    *"禁止 删除 удалит видал silin διαγρ radera slet slett poista smaž töröl șterge".split(),
]
"""Beginnings of words of which two different ones stand in a disclaimer."""

STUBS = """
this message is in html
this email is in html
this is an html
this message was sent in html
your mail client does not support html
your email client does not support html
your mail reader does not support
your email program does not support
please view this email in html
to view this message, please use an html
this is a multi-part message in mime format
html content
diese nachricht ist im html
ce message est au format html
este mensaje está en formato html
"""
"""Text parts that only say that the HTML part is the one to read."""

ABOVE = """
reply above this line
type your reply above
please type your reply above
please reply above
write above this line
please do not write below
reply above
please enter your reply above
respond above this line
antworten sie oberhalb
bitte antworten sie oberhalb
bitte oberhalb
veuillez répondre au-dessus
répondez au-dessus
responda por encima
responda encima
responda acima
rispondi sopra
antwoord boven
"""
"""The line above which a ticket system asks for the answer."""

SIGN_OFFS = """
regards|best regards|kind regards|kindest regards|warm regards|best|best wishes|all the best
sincerely|yours sincerely
yours faithfully|yours truly|cheers|thanks|many thanks|thank you|thanks and regards
with kind regards|respectfully
mit freundlichen grüßen|freundliche grüße|viele grüße|beste grüße|liebe grüße|mfg|danke|saludos
un saludo|atentamente
saludos cordiales|cordialement|bien cordialement|bien à vous|salutations|cordiali saluti
distinti saluti|saluti|atenciosamente
cumprimentos|abraços|met vriendelijke groet|met vriendelijke groeten|groeten|pozdrawiam
z poważaniem|med vänlig hälsning
med vänliga hälsningar|vänliga hälsningar|hälsningar|mvh|med venlig hilsen|venlig hilsen|hilsen
med vennlig hilsen
vennlig hilsen|ystävällisin terveisin|terveisin|s pozdravem|üdvözlettel|tisztelettel|cu stimă
cu respect|с уважением
з повагою|saygılarımla|με εκτίμηση|よろしくお願いいたします|此致敬礼|감사합니다
"""
"""Lines above a writer's name."""
