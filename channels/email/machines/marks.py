"""Tables of marks: names, subjects and sentences by which machines give themselves away."""

import re

from channels.email.machines.wordings import any_of

ANSWERED = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|r|aw|antw?|antwort|sv|vs|odp|pd|ref|rif|res|tr|fw|fwd|wg|rv|enc|doorst|vl|vb|i|ynt|回复|回覆|答复|转发|轉寄|返信|転送|отв)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
"""A subject that somebody answered or passed on."""

DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?daemon|mdaemon|maildelivery|mail-delivery|mail\.delivery|mailadmin|smtp-?daemon|internet-mail|microsoftexchange[0-9a-f]{8,})(?:[+-][^@]*)?[\\\\]?(?:@|$)",
    re.IGNORECASE,
)
DAEMON_NAME = any_of(
    r"mail(?:er)?[ -]*(?:delivery|daemon)",
    r"delivery (?:sub)?system",
    r"post-?master",
    r"mail (?:system|administrator|server|router)",
    r"system ?administrator",
    r"administrador del sistema",
    r"administrateur système",
    r"amministratore (?:di )?sistema",
    r"administrador do sistema",
    r"systeembeheerder",
    r"systemadministratör",
    r"системный администратор",
    r"mail delivery",
    r"delivery (?:agent|status)",
    r"internet mail (?:delivery|service)",
    r"mailserver",
)

SYSTEM_SENDER = re.compile(
    r"(?:mail|smtp|gateway|system|daemon|server|admin|no-?reply|notif|antivirus|virus|spam|filter|security|internet|exchange|support|bounce|service|robot|postfix|list|undeliver|return)[^@]*@|^$",
    re.IGNORECASE,
)
"""Senders that are nobody in particular; a mark beside others, never alone."""

BOUNCE_SUBJECT = any_of(
    r"undeliver",
    r"un-?delivered",
    r"non-?deliver",
    r"not (?:be )?(?:been )?deliver",
    r"delivery (?:status|failure|failed|has failed|report|problem|notif|error|delayed|incomplete|unsuccessful|attempt|fail)",
    r"returned (?:mail|message|to sender|e-?mail)",
    r"return(?:ing)? (?:of )?(?:message|mail) to sender",
    r"failure (?:notice|delivery|notification)",
    r"mail (?:delivery|failure|system error|error|could not|failed|not delivered|rejected|returned|undeliver)",
    r"mail delivery",
    r"message (?:delay|delivery|status|undeliver|could not|not deliver|rejected|blocked|failed|returned)",
    r"(?:e-?mail|mail|message) delivery",
    r"warning: (?:message|could not|mail)",
    r"delayed mail",
    r"could not (?:be )?(?:deliver|send)",
    r"couldn'?t be delivered",
    r"unable to deliver",
    r"rejected:",
    r"user unknown",
    r"unknown user",
    r"permanent error",
    r"permanent (?:delivery )?failure",
    r"delivery failure",
    r"error (?:mail )?report",
    r"mail error",
    r"can'?t deliver",
    r"cannot (?:be )?deliver",
    r"bounced? (?:mail|message)",
    r"rebound",
    r"deferred",
    r"processing error",
    r"message.{0,40} blocked",
    r"address (?:not found|unknown)",
    r"blocked by",
    r"failed (?:mail|message|delivery)",
    r"no such user",
    r"mail failed",
    r"unzustellbar",
    r"nicht zustellbar",
    r"(?:zustellung|übermittlung|unzustellbarkeit|zustellungs)\S* (?:\S+ ){0,4}(?:fehl|gescheitert|bericht|verzöger)",
    r"zustellungsfehler",
    r"nicht zugestellt",
    r"fehlgeschlagen",
    r"non[ -]remis",
    r"non[ -]distribu",
    r"(?:échec|echec) (?:\S+ ){0,3}(?:remise|distribution|envoi|livraison)",
    r"message retourn",
    r"retour au",
    r"impossible (?:\S+ ){0,3}(?:remettre|distribuer|délivrer)",
    r"no (?:se )?(?:ha )?(?:podido|pudo|puede) (?:\S+ ){0,3}entreg",
    r"no entregad",
    r"(?:error|fallo|falla)\S* (?:\S+ ){0,3}entrega",
    r"correo devuelto",
    r"mensaje no",
    r"no se puede entregar",
    r"entrega (?:\S+ ){0,2}fallid",
    r"devuelto",
    r"mancat[ao] (?:recapito|consegna)",
    r"non recapitabile",
    r"impossibile (?:\S+ ){0,2}(?:recapitare|consegnare)",
    r"non consegnat",
    r"messaggio (?:non|restituito)",
    r"não (?:foi )?(?:é possível |pôde ser )?entreg",
    r"falha (?:\S+ ){0,3}entrega",
    r"devolvid",
    r"nao entreg",
    r"erro (?:\S+ ){0,3}entrega",
    r"onbestelbaar",
    r"niet (?:bezorgd|afgeleverd|bestelbaar)",
    r"aflevering\S* (?:\S+ ){0,3}mislukt",
    r"niedostarcz",
    r"nie (?:można|udało się) (?:\S+ ){0,2}dostarczyć",
    r"zwrot (?:wiadomości|poczty)",
    r"niedoręcz",
    r"kan (?:inte|ikke) leveres",
    r"olevererbart",
    r"ej levererat",
    r"kunde inte levereras",
    r"kunne ikke leveres",
    r"ikke levert",
    r"toimittam",
    r"perille",
    r"не\s?доставлен",
    r"недоставл",
    r"ошибк\S* доставк",
    r"невозможно доставить",
    r"nedoruč",
    r"nem kézbesíthető",
    r"kézbesíthetetlen",
    r"teslim edilemedi",
    r"iletilemedi",
    r"nelivr",
    "メールエラー|配信(?:不能|エラー|でき)",
    "送信(?:でき|エラー|失敗)",
    "エラーメール",
    "不達",
    "未送达",
    "未傳遞",
    "无法(?:送达|投递|发送)",
    "退信",
    "傳送失敗",
    "投递失败",
    "발송 실패",
    "반송",
    "배달되지",
)

BOUNCE_SENTENCE = any_of(
    r"(?:could|can|can'?|was|were|has|have|is|are|may)(?: not|not|n't|n’t) (?:\S+ ){0,4}(?:be )?(?:\S+ ){0,2}deliver",
    r"undeliver",
    r"un-?delivered",
    r"unable to (?:\S+ ){0,3}(?:deliver|send|relay)",
    r"(?:failed|failure|failing) (?:\S+ ){0,3}(?:deliver|recipient)",
    r"deliver\S* (?:\S+ ){0,6}(?:failed|failure|failing|unsuccessful|not possible|error|delayed|incomplete)",
    r"did not reach",
    r"permanent(?:ly)? (?:fatal )?(?:error|fail)",
    r"transient (?:non-fatal )?error",
    r"returned to (?:the )?sender",
    r"(?:message|mail|e-?mail)\S* (?:\S+ ){0,5}(?:rejected|bounced|returned|refused|blocked|not accepted|delayed|been delayed|not sent|discarded|quarantined)",
    r"transcript of session",
    r"couldn'?t be (?:delivered|found)",
    r"addresses had",
    r"following (?:\S+ ){0,3}(?:recipient|address|user)",
    r"(?:user|host|recipient|mailbox|account|domain|address)\S* (?:\S+ ){0,4}(?:unknown|not found|does ?n[o']t exist|unavailable|full|rejected|over quota|disabled|not listed|no longer)",
    r"no such (?:user|recipient|mailbox|address)",
    r"unknown (?:user|recipient|address|mailbox)",
    r"wasn't able to deliver",
    r"sorry (?:to|that|,)? ?(?:\S+ ){0,6}deliver",
    r"non-?deliver",
    r"remote (?:host|server|end) (?:said|replied|responded)",
    r"server (?:\S+ ){0,4}(?:rejected|responded|returned|response)",
    r"original message (?:\S+ ){0,3}received at",
    r"your message (?:\S+ ){0,6}(?:not|rejected|delayed)",
    r"could ?n[o']t (?:\S+ ){0,4}(?:send|find|accept)",
    r"problem\w* (?:\S+ ){0,3}delivering",
    r"not yet been delivered",
    r"will (?:not )?(?:re-?try|be retried)",
    r"not be reached",
    r"postponed",
    r"full mail ?box",
    r"kann nicht|konnte\S* (?:\S+ ){0,8}nicht",
    r"nicht (?:\S+ ){0,3}(?:zugestellt|zustell|ausgeliefert|übermittelt)",
    r"fehler\w*",
    r"n'(?:a|ont|est|était) (?:\S+ ){0,3}pas? (?:\S+ ){0,3}(?:remis|distribu|délivr|livr|achemin|abouti)",
    r"n'a pu (?:être )?",
    r"impossible de (?:\S+ ){0,3}(?:remettre|délivrer|distribuer|livrer)",
    r"échec",
    r"erreur",
    r"no (?:se )?(?:ha )?(?:pudo|puede|podido) (?:\S+ ){0,3}(?:entreg|envia|ser)",
    r"no ha sido (?:posible )?entreg",
    r"error",
    r"non (?:è stato|può|possibile) (?:\S+ ){0,4}(?:consegn|recapit|invia)",
    r"impossibile",
    r"não (?:foi|pôde|pode) (?:\S+ ){0,4}(?:entreg|envia)",
    r"kon(?:den)? (?:\S+ ){0,6}niet (?:\S+ ){0,3}(?:bezorgd|afgeleverd)",
    r"nie (?:można|mogła|udało|została|może) (?:\S+ ){0,4}(?:dostarcz|doręcz|wysłan)",
    r"kunde inte|kan ikke|kunne ikke|ei voitu",
    r"не (?:может|могло|было|удалось|удаётся) (?:\S+ ){0,4}(?:доставл|доставить|отправ)",
    r"nelze|nepodařilo|nem sikerült|nem kézbes",
    "送信でき|配信でき|配送でき|届け(?:でき|ません)|エラー|存在しません|見つかりません",
    "无法|無法|退回|失败|失敗|不存在",
    "실패|없습니다",
)

BY_SOFTWARE = any_of(
    r"(?:created|generated|sent) automatically by",
    r"automatically (?:generated|created)",
    r"mail delivery (?:software|agent|system)",
    r"\*{3,9} message from [^\n*]{1,80} \*{3}",
)
"""What mail software says of itself in a notice."""

PERSONAL = re.compile(
    r"(?:\b(?:i|me|my|we|our|us|please|pls|hi|hello|dear|thanks|thank|regards|sorry)\b|\?\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
"""What a terse notice never says, and a person who passes a mail on nearly always does."""

AWAY_SUBJECT = re.compile(
    r"^\W*(?:\S{1,30}\s+){0,3}?(?:\[|\()?\s*(?:"
    r"out[ -]of[ -](?:the[ -])?office|out of town|auto(?:matic|mated)?[ -]?(?:reply|response|respons|answer|responder|e?-?mail|acknowledge?ment|notification)|auto:|autoreply|autoresponse|ooo:|away from (?:my|the)|vacation|on (?:vacation|holiday|leave|annual leave|maternity leave)"
    r"|automatische (?:antwort|e-?mail|abwesenheit|beantwoording)|abwesen(?:d|heit)\w*|nicht im büro|urlaub|eingangsbestätigung|réponse automatique|message automatique|absen(?:ce|t|te)\b|accusé de réception|respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente|contestador"
    r"|risposta automatica|fuori (?:sede|ufficio)|assente|resposta autom[aá]tica|fora do escrit[oó]rio|ausência|automatisch (?:antwoord|bericht)|afwezig(?:heid)?|automatyczna odpowied|nieobecno|poza biurem"
    r"|autosvar|automatiskt? svar|frånvaro|fravær|ikke på kontoret|automaattinen vastaus|poissa|автоответ|автоматическ\w+ ответ|отсутстви|automatická odpověď|mimo kancelář|automatikus válasz|házon kívül|αυτόματη απάντηση|otomatik yan[ıi]t|ofis dışı|răspuns automat"
    r"|自動(?:応答|返信|回覆)|不在(?:通知)?|自动(?:回复|答复)|外出|자동 ?(?:회신|응답)|부재중|رد تلقائي|מענה אוטומטי|تلقائي|ตอบกลับอัตโนมัติ"
    r")",
    re.IGNORECASE,
)
AWAY_SUBJECT_END = re.compile(
    r"[\[(](?:\S+\s+)?(?:auto[a-z-]*(?:\s+(?:reply|response|answer))?|out of office|vacation|abwesend\w*)[^\])]*[\])]\s*$",
    re.IGNORECASE,
)

AUTOMATIC = any_of(
    r"this (?:is|was) (?:\S+ ){0,3}(?:automat\w*|auto[ -]?\w*|machine|system|computer)[ -](?:\S+ ){0,2}(?:reply|response|message|e-?mail|acknowledg\w+|notif\w+|answer|generated)",
    r"(?:automat\w+|auto)[ -](?:\S+ )?(?:reply|response|acknowledge?ment)",
    r"automatically (?:generated|sent|created|replied)",
    r"(?:message|e-?mail|mail|reply|response) (?:\S+ ){0,3}(?:generated|sent) (?:automatically|by an? (?:auto\w*|system|computer))",
    r"automated (?:e-?mail|message|reply|response|system)",
    r"do not (?:reply|respond) to this (?:\S+ )?(?:e-?mail|message)",
    r"unmonitored (?:mailbox|inbox|e-?mail|address)",
    r"(?:mailbox|inbox|e-?mail address) is not (?:monitored|attended)",
    r"(?:dies ist eine )?automati(?:sch|siert)\w* (?:\S+ ){0,2}(?:antwort|nachricht|e-?mail|generierte|erstellte|versandte)",
    r"(?:message|réponse|courriel) (?:\S+ ){0,3}automatique",
    r"(?:mensaje|respuesta|correo) (?:\S+ ){0,3}autom[aá]tic[ao]",
    r"(?:messaggio|risposta) (?:\S+ ){0,3}automatic[ao]",
    r"(?:mensagem|resposta) (?:\S+ ){0,3}autom[aá]tica",
    r"automatisch(?:e)? (?:antwoord|bericht|gegenereerd)",
    r"wiadomość (?:\S+ ){0,3}automatyczn",
    r"автоматическ\w+ (?:ответ|сообщение|уведомление)",
    r"automatiskt (?:svar|genererat)",
    "自動(?:返信|応答|送信)|自动回复|자동 ?(?:회신|응답)",
)
SAYS_MORE = re.compile(
    r"[?？]|\b(?:pay|paid|paying|payments?|owe|bill|invoice|debt|money|stop|wrong (?:person|number)"
    r"|bezahl\w*|zahl\w*|payer|payé|paiement|pag(?:o|ar|u[eé]|amento)|plac[ei]\w*)\b",
    re.IGNORECASE,
)
"""What an absence notice has no reason to say, and a person who answers us has."""

AWAY = any_of(
    r"(?:i|we)(?: am|'m|’m| will be|'ll be|’ll be| are) (?:\S+ ){0,3}(?:out of (?:the )?office|on (?:\S+ )?(?:vacation|leave|holiday)|away|travell?ing)",
    r"(?:currently |presently )?out of (?:the )?office (?:\S+ ){0,4}(?:until|till|through|from|with|and|return)",
    r"(?:i am|i'm) (?:\S+ )?out of (?:the )?office",
    r"away from (?:my |the )?(?:office|desk|e-?mail|mail|computer)",
    r"vielen dank für (?:ihre|deine) (?:\S+ )?(?:nachricht|e-?mail)",
    r"nicht im (?:büro|haus|dienst)",
    r"bin (?:\S+ ){0,8}(?:abwesend|im urlaub|nicht erreichbar)",
    r"(?:je suis|serai) (?:\S+ ){0,3}(?:absente?|en congés?|en vacances)",
    r"(?:estoy|estaré|me encuentro) (?:\S+ ){0,3}(?:fuera de|ausente|de vacaciones)",
    r"(?:sono|sarò) (?:\S+ ){0,3}(?:assente|fuori|in ferie)",
    r"(?:estou|estarei) (?:\S+ ){0,3}(?:fora|ausente|de férias)",
    r"(?:ben|tot) (?:\S+ ){0,4}(?:afwezig|niet op kantoor|met vakantie|op vakantie)",
    r"jestem (?:\S+ ){0,3}(?:nieobecn|poza biurem|na urlopie)",
    r"jag är (?:\S+ ){0,3}(?:bortrest|ledig|på semester|inte på kontoret)",
)
AWAY_TOO = any_of(
    r"limited access",
    r"no access to (?:my )?(?:e-?mail|mail)",
    r"intermittent access",
    r"(?:urgent|immediate|emergency)\S* (?:\S+ ){0,8}(?:contact|call|e-?mail|reach|phone|assist)",
    r"in my absence",
    r"during (?:my|this|that) (?:absence|time|period)",
    r"(?:upon|on|after|when|as soon as) (?:my |i )?return",
    r"back in the office",
    r"dringend\w*",
    r"vertret(?:ung|en)",
    r"nicht weitergeleitet",
    r"urgen(?:ce|te|cia|za)",
    r"dès mon retour",
    r"a mi (?:regreso|vuelta)",
    r"al mio rientro",
    r"no meu (?:regresso|retorno)",
    r"dringende gevallen",
    r"pilnych",
)
RECEIVED = any_of(
    r"(?:we|i)(?: have|'ve|’ve)? (?:\S+ ){0,2}received your (?:\S+ ){0,2}(?:e-?mail|message|mail|request|enquiry|inquiry|ticket|query)",
    r"your (?:\S+ ){0,2}(?:e-?mail|message|request|enquiry|inquiry|ticket|query) (?:\S+ ){0,4}(?:has been|was) (?:\S+ )?(?:received|opened|created|logged|registered|assigned)",
    r"(?:ticket|case|request|reference) (?:\S+ ){0,2}(?:number|id|#|no\.?)",
    r"thank you for (?:contacting|your (?:\S+ ){0,2}(?:e-?mail|message|enquiry|inquiry|mail|request))",
)
TICKET_SUBJECT = re.compile(
    r"\[(?:\S{1,30}\s?)?(?:#|ticket|case|request|incident)[ :#-]*[\w-]*\d[\w-]*\]|(?:ticket|case|request|incident)\s*(?:id|no\.?|number|ref)?\s*[:#]+\s*[\w-]*\d|\[.{0,30}#\d+\]",
    re.IGNORECASE,
)
CHALLENGE_SUBJECT = any_of(
    r"(?:please )?(?:confirm|verify|authenticate|validate) (?:\S+ ){0,3}(?:message|e-?mail|mail|sender|yourself|address|identity)(?! change)",
    r"(?:confirmation|verification|authentication|authorization) (?:\S+ ){0,3}(?:required|needed|requested|of your (?:mail|message|e-?mail))",
    r"requires? (?:\S+ ){0,3}(?:confirmation|verification|authentication|authorization)",
    r"action required to deliver",
    r"boxtrapper",
    r"challenge",
    r"your (?:e-?mail|message|mail) (?:\S+ ){0,6}(?:held|quarantined|pending|waiting|awaiting)",
    r"unconfirmed sender",
    r"\(action required\)",
)
CHALLENGE_NAME = any_of(
    r"spam ?arrest",
    r"boxbe",
    r"boxtrapper",
    r"\btmda\b",
    r"bluebottle",
    r"choicemail",
    r"mailblocks",
    r"knowspam",
    r"0spam",
    r"\bsendio\b",
    r"spamfighter",
    r"mail(?:washer|frontier)",
    r"challenge[/ -]response",
    r"spamblocker-challenge",
)
CHALLENGE = any_of(
    r"(?:click|follow|visit|reply|respond|use) (?:\S+ ){0,24}(?:verify|confirm|authenticate|prove|validate) (?:\S+ ){0,6}(?:human|person|sender|message|mail|e-?mail|identity|address|yourself|spammer)",
    r"(?:approve|add)\S* (?:\S+ ){0,4}(?:sender|white ?list|guest list|approved list)",
    r"(?:message|mail|e-?mail) (?:\S+ ){0,6}(?:is being held|has been held|was held|being quarantined|will be delivered once|held (?:until|pending))",
    r"ensure (?:the )?delivery of your (?:message|mail|e-?mail)",
    r"one[ -]time (?:\S+ )?(?:confirm|verif|authent|process|request)",
    r"to (?:have|ensure|complete) (?:\S+ ){0,3}(?:message|mail|e-?mail) (?:\S+ ){0,2}(?:deliver|delivery)",
)
READ_SUBJECT = re.compile(
    r"^\s*(?:read|gelesen|lu|leído|letto|lida|lido|gelezen|läst|læst|lest|przeczytano|прочитано|return receipt|read receipt|disposition notification|lesebestätigung|accusé de lecture|confirmación de lectura|not read|deleted|ungelesen gelöscht|開封(?:済み|確認)|已读)\s*(?:\(\w+\))?\s*[:：-]",
    re.IGNORECASE,
)
FEEDBACK_SENDER = re.compile(
    r"(?:feedback|fbl|arf|abuse|complaints?|scomp|staff@hotmail|staff@|spam|jmrp|junk|feedbackloop|report)",
    re.IGNORECASE,
)
FEEDBACK_SUBJECT = any_of(
    r"complaint about message from",
    r"e-?mail feedback report",
    r"feedback (?:report|loop|for)",
    r"(?:abuse|spam|junk)(?: e-?mail)? (?:report|complaint|notification)",
    r"\[?fbl\]?\b",
    r"complaint (?:feedback|report|from|notification)",
    r"fw: ?\[?feedback",
    r"reported as (?:spam|junk|abuse)",
)
FEEDBACK = any_of(
    r"(?:e-?mail|mail|message)? ?(?:abuse|feedback|spam|complaint) report for (?:an? )?(?:e-?mail|mail|message|ip|messages)",
    r"this is an? (?:e-?mail|mail) abuse report",
    r"(?:marked|reported|flagged|identified|classified) (?:\S+ ){0,6}(?:as )?(?:spam|junk|abus|unsolicited)",
    r"feedback loop",
    r"received from (?:ip address|your|an ip)",
    r"junk (?:mail|e-?mail) reporting",
    r"complain(?:t|ed) (?:\S+ ){0,6}(?:about|from|by|message)",
    r"(?:abuse|complaint|spam) report",
)
