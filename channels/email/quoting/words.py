"""Words that mail programs put around what they quote, by language: general words, not samples.

Matching folds case, so every word stands in lower case. The languages are those in which Gmail,
Outlook, Apple Mail, Thunderbird and Yahoo are sold most; a language that is not here is still
read
by the structure of its lines (a date, an address, a colon).
"""

WROTE = """
wrote writes written said says asked
escribió escribio escribe escrito
escreveu escreve
écrit ecrit
schrieb schrieb: schreibt geschrieben
scritto scrisse scrive
schreef schrijft geschreven geskryf
napisał napisała napisał(a) napisal napisala pisze
skrev skriver skreiv skrifaði
kirjoitti kirjoittaa
napsal napsala napsal(a) napísal napísala napísal(a)
írta írt irta
scris
написал написала написал(а) написав написала пише пишет писал писала написа
napisao napisala napisao/la написао
yazdı yazdi yazmış
έγραψε έγραψαν
كتب كتبت نوشت
כתב כתבה כתב/ה
लिखा
viết
menulis
kirjutas rakstīja rašė parašė
escriure escrit escriu
""".split()
"""Verbs of attribution lines, in languages that put spaces between words."""

WROTE_WITHIN = (
    "写道 寫道 写到 寫到 書きました 書いています のメッセージ のメール:"
    " 작성: 작성했습니다 썼습니다 님이 작성 เขียน"
).split()
"""The same in languages without spaces, or with endings that grow on the word."""

ON = """
on at
am um den vom
le
el
il in
em no
op
w dnia
den på kl. kl
dne dňa dana
pe în data
στις την
في بتاريخ
בתאריך ב-
vào lúc
pada
เมื่อ
ما
dia giorno
tarihinde
""".split()
"""First words of attribution lines, before the date."""

DAYS_AND_MONTHS = """
mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec
lun mar mie mié jue vie sáb sab dom ene abr ago dic
mo di mi do fr sa so mär mai okt dez montag dienstag mittwoch donnerstag freitag samstag sonntag
mer jeu ven sam dim janv févr avr juin juil août déc
gio gen mag giu lug set ott
seg ter qua qui sex fev out dez segunda terça quarta quinta sexta sábado domingo
ma wo vr za zo mrt mei
pon wto śro czw pią sob nie sty lut kwi maj cze lip sie wrz paź lis gru
mån tis ons tor fre lör sön man lør søn
tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu
led úno bře dub kvě čvn čvc srp zář říj pro
hétf ked szer csüt pént szo vas
пон вто сре чет пят суб вос вів пʼя п'я нед
пн вт ср чт пт сб вс янв фев мар апр май июн июл авг сен окт ноя дек
нд січ лют бер кві тра чер лип сер вер жов лис гру
pzt sal çar per cum cmt paz oca şub nis haz tem ağu eyl eki kas ara
δευ τρί τετ πέμ παρ σάβ κυρ ιαν φεβ μαρ απρ μαΐ ιουν ιουλ αυγ σεπ οκτ νοε δεκ
""".split()
"""Beginnings of names of days and months."""

FROM = """
from|von|de|da|van|od|från|fra|lähettäjä|feladó|de la|от|від|kimden|gönderen|από|差出人|送信元
发件人|寄件者
寄件人|發件人
보낸 사람|보낸사람|من|מאת|עזת|pošiljatelj|šalje|od koga|saatja|nuo|no|expéditeur|absender
remitente
mittente|remetente
afzender|nadawca|avsändare|afsender|avsender|odesílatel|odosielateľ|expeditor|отправитель
відправник|gönderici|αποστολέας
người gửi|từ|dari|จาก|frá|pengirim|dal
"""
SENT = """
sent|date|gesendet|datum|enviado|enviado el|enviada em|enviado em|fecha|data|envoyé|envoyé le
envoyée|inviato|verzonden
wysłano|data wysłania|skickat|skickat den|sendt|dato|lähetetty|päivämäärä|päiväys|odesláno
odoslané|dátum|elküldve|küldve
trimis|data trimiterii|отправлено|дата|надіслано|відправлено|gönderme tarihi|gönderildi|gönderilme
tarih|gönderilen
στάλθηκε|ημερομηνία|απεσταλμένα|送信日時|日付|送信済み|日時|发送时间|日期|发送日期|寄件日期
寄件時間|傳送時間|보낸 날짜|날짜|보낸날짜
تم الإرسال
تاريخ الإرسال|التاريخ|أرسلت|נשלח|נשלח ב|תאריך|poslano|poslato|saadetud|išsiųsta|nosūtīts|đã gửi
ngày|dikirim|tanggal|ส่ง|วันที่
le|message du|received|ricevuto|enviat|postdatum|send date|verstuurd
"""
TO = """
to|an|para|pour|à|a|aan|do|till|til|vastaanottaja|komu|címzett|către|catre|кому|kime|alıcı|προς
宛先
收件人|收件者|받는 사람|받는사람
إلى|אל|za|prima|kam|kellele|destinataire|empfänger|destinatario|destinatário|ontvanger|adresat
mottagare|modtager|mottaker
príjemca|příjemce|destinatar|получатель|одержувач|παραλήπτης|đến|tới|kepada|ถึง|per|saaja
"""
SUBJECT = """
subject|betreff|asunto|assunto|objet|oggetto|onderwerp|temat|ämne|emne|aihe|předmět|predmet|tárgy
subiect|тема|konu|θέμα|件名|主题|主旨|主題|제목
الموضوع|נושא|zadeva|naslov|teema|tema|chủ đề|subjek|perihal|เรื่อง|sujet|re|assumpte|efni
"""
OTHERS = """
cc|bcc|copie à|kopie|copia|copie|kopia|kopi|kopio|kopija|másolatot kap|копия|копія|bilgi|κοιν
κοινοποίηση
抄送|副本|참조|نسخة|עותק|cci|cco|ccn|dw|udw
reply-to|reply to|antwort an|responder a|répondre à|rispondi a|antwoord aan|odpowiedz do|ответить
importance|priority|attachments|attachment|anlagen|wichtigkeit|priorität|importancia|adjuntos
importance|pièces jointes|importanza|allegati
urgentie|bijlagen|organization|organisation|message-id|newsgroups|sender|in-reply-to|x-mailer
delivered-to|resent-from|ticket|category
"""
"""Names of the fields of a mail, as programs translate them above what they quote."""

ORIGINAL = """
original message|original e-mail|original mail|original email|original appointment|originalmessage
ursprüngliche nachricht|originalnachricht|original-nachricht|urspr. nachricht|ursprüngliche e-mail
mensaje original|correo original|mensagem original|e-mail original|message d'origine
message d’origine|message original
courriel original|message initial|e-mail d'origine|messaggio originale|messaggio original
oorspronkelijk bericht|origineel bericht
oorspronkelijke bericht|wiadomość oryginalna|oryginalna wiadomość|wiadomosc oryginalna
originalmeddelande|ursprungligt meddelande
ursprungligt mail|original meddelelse|oprindelig meddelelse|oprindelig besked|opprinnelig e-post
ursprungligt mejl|opprinnelig melding|original melding
alkuperäinen viesti
původní zpráva|pôvodná správa|původní e-mail|eredeti üzenet|mesaj original|mesajul original
mesajul inițial
исходное сообщение|оригинальное сообщение|пересланное сообщение|вихідне повідомлення
оригінальне повідомлення|oorspronklike boodskap
orijinal mesaj|özgün ileti|orjinal mesaj|αρχικό μήνυμα|元のメッセージ|オリジナルメッセージ
原始邮件|邮件原件|原始郵件|原始邮件信息
원본 메시지|원본 메일
الرسالة الأصلية|رسالة أصلية|הודעה מקורית|הודעה המקורית|izvirno sporočilo|izvorna poruka
originalna poruka|оригинално съобщение
thư gốc|pesan asli|ข้อความต้นฉบับ|missatge original|algne kiri|pradinis pranešimas
sākotnējais ziņojums|reply message|antwort nachricht
in reply to|previous message|vorherige nachricht
"""
FORWARDED = """
forwarded message|forwarded by|begin forwarded message|start of forwarded message|forwarded mail
forwarded email|fwd
weitergeleitete nachricht|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail
weitergeleitet von
mensaje reenviado|inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada
início da mensagem reencaminhada
início da mensagem encaminhada|message transféré|début du message réexpédié
début du message transféré|message transmis|messaggio inoltrato
inizio messaggio inoltrato|messaggio inoltrato da|doorgestuurd bericht|begin doorgestuurd bericht
przekazana wiadomość
wiadomość przekazana dalej|początek przekazywanej wiadomości|wiadomość przekazana
vidarebefordrat meddelande|vidarebefordrat mejl
videresendt meddelelse|videresendt melding|start på videresendt besked|videresendt besked
videresendt e-post|välitetty viesti|välitetty viesti alkaa
přeposlaná zpráva|preposlaná správa|továbbított üzenet|továbbított levél|mesaj redirecționat
mesaj redirecţionat|mesaj înaintat
пересылаемое сообщение|переслане повідомлення|начало переадресованного сообщения
пересилання повідомлення|iletilmiş mesaj|yönlendirilmiş ileti
yönlendirilen ileti|iletilen mesaj|προωθημένο μήνυμα|転送されたメッセージ|転送メッセージ
转发的邮件|轉寄的郵件|转发邮件信息|전달된 메시지
الرسالة المعاد توجيهها
رسالة معاد توجيهها|הודעה שהועברה|posredovano sporočilo|proslijeđena poruka|препратено съобщение
"""
"""What programs write above a mail that they quote or pass on, between dashes or before a
colon."""
