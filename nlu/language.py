"""Which language a reply is in, where it is in none that is understood.

English and Spanish, and both at once, are one model's; from anything else it is best to abstain.
The words that every text of a language needs tell it: a table that can be read, two microseconds a
reply. Of the libraries, lingua brings 96 MB and langdetect guesses by chance; py3langid (4.5 MB)
and lingua alike take every tenth short, misspelt or slangy reply for another language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from nlu.features import words_of
from nlu.normalise import plain

ENGLISH = """
about accept account accounts add address after afternoon again agent ago agree agreement aint
alive all alone already am amount an and another answer any anymore anyone anything app april
are as ask asked asking at attorney august auto automated away baby back bad balance bank
bankrupt bankruptcy be because been before being believe best better between bill billed bills
bit book boss bought bring broke brother bus business but buy by call called calling calls came
can cancel cancelled cancer cannot cant car card cards care case cash cease chance change
chapter charge charged charges check clear cleared close closed code come comes coming
communication company consent contact contacting contract copy correct could court credit
customer cut dad date daughter day days dead deal dear debit debt debts details did didnt die
died different direct dispute do does doesnt dog doing dollars done dont door down driving drop
due each else email emails end enough even evening ever every everything explain faithfully fake
family fee fees few fifty figure file filed final find fine finish firm first five flat for four
fraud free friday friend from full further gas gave get getting give go god goes going gone
gonna good got guy guys gym had half hand happy has have he hear heart hello help her here hes
hey hi him his hit hiya hold home hope hospital hour hours house how human hundred husband id
identity if ill im in income info instead insurance interest into is isnt it its iva ive january
job june just keep kids kind kindly know lady last late later law lawyer leave left legal let
lets letter letters life like line link list little live living loan lol long longer look
looking lost lot love machine madam made mail make man manager many march mate may me mean means
meant message messages mine miss mobile mom monday money month monthly months more morning
mother moved mr mrs ms much mum must my myself nah name nd need never new next nice night nine
no nobody not note nothing notice now number of off offer office ok old on once one online only
open opened opt or order original other our out over owe own page paid paper passed past pay
payday paying payment payments people per person phone place plan please pls pm police possible
post proof put quid quit rate rather rd read ready real really receipt receive received regards
reminders remove rent reply report request respectfully rest right ring rude run said same sat
saturday say saying says scam school second see send sending sent service set settle settled
settlement shall she shes shop should show sick sign signed since sincerely sir sirs sister six
so social sold solicitor some somebody someone something son soon sorry sort speak spring st
staff start statement still stolen stop stopped store stuff sum sunday sure ta take taken talk
tax team telephone tell ten text texting texts than thank thanks that thats the them then there
theres these they thing think thinking third this those three through thru thursday til till
time times to today told tomorrow tonight too took top total transfer tried truck truly try
trying tuesday turn twice two under unsubscribe until up ur us use used using very wages wait
waiting wanna want was wasnt water way we website wedding wednesday week weekend weeks well went
were what whats when where which while who whoever whole whos why wife will wish with without
wont work working works would write writing wrong ya yall yeah year years yes yesterday yet you
youll your youre yours youve zero
"""
SPANISH = """
abogada abogado abrieron acabo aceptan acepto acreedor acuerdo agente agradezco ahi ahora
ahorita al alcanza algo alguien alto amable ando ano anos antes aqui arreglo asi automatico
autorizo aviso avisos ay ayer ayuda baja bancarrota banco bien bro buen buenas buenos busquen
cada cancelar cancele cancelen cancelo capitulo cargo carro carta casa caso cel celular cero
cheque claro cliente cobran cobraron cobre cobro como compania completo compre comprobante
comunicacion comunicarse con conmigo conozco contactar contacten contacto contesto contrato
correo corte cosa cosas credito creo cual cuando cuanto cuenta cuentas da dame dan dar datos de
debo deja dejan deje dejen dejo del deme denme deposito descuento desde despues deuda deudas di
dia dias dice dieron digo dije dijeron dijo dinero dio dios direccion disculpe doctor documentos
dolares domingo donde dos doy el ella ellos en encuentro enero entiendo equivocado era eres
error es esa escriban escribir escrito ese eso espanol esposa esposo esta estaba estado estafa
estamos estan estar este estimados esto estos estoy factura fallecio falta familia favor fecha
feliz fin firma firme fraude fue fuera fui gracias ha habla hablar hable hablen hace hacer hago
hasta hay hermana hermano hice hija hijo hijos hola hora horas hoy identidad igual ingles jaja
jueves junio la las le les liquido lista listo llama llamada llamadas llamar llame llameme
llamen llamo llega llegar llego llegue lleva llevo lo los luego lunes luz madre mal mama manana
manda mandar mandarme mande mandeme manden mando mano martes marzo mas mayo medio mejor menos
mensaje mensajes mensuales mes meses mi mia miercoles mil mio mire mis mismo mitad momento morir
muchacha muero muerta muerto murio muy nada nadie necesito ni ningun ninguna noche nomas nombre
nos nuevo numero nunca ocupo oferta oficina oiga opciones otra otro pa pagado pagan pagar pagina
pago pagos pague papa papel papeles para parar parece paren parte partes pasa pasada pasado
pasar paso paz pedi pena perdi perdon permiso pero persona pido pienso plis pongo por porfa
porque posible prefiero primero programa proximo puede pueden puedo pues puse que queda quede
quedo quiebra quien quieren quiero quincena quisiera quiten quitenme recibir recibo reconozco
recordatorios renta reporte representante respuesta robaron robo sabado saber sacaron saldo sale
salio salir saludos se sea seguir seguro semana semanas senor senora senores senorita ser
servicio si siempre sigo siguen sin sirve solicito solo soy su suena sus tal tarde tardes
tarjeta te telefono tener tengo tenia texto textos tiempo tienda tiene tienen titular toda
todavia todo todos trabajo trato tres tu tuve ultimo un una unas uno unos usaron uso usted
ustedes va van veces veo ver verdad vez vida viejo viernes vivir vivo voy vuelvan whatsapp yo
"""
OTHERS = {
    "ca": """
    aixo altra altre amb aquest aquesta aquestes aquests ara atureu avui bon cada compte de del
    dels dema deute dia diners divendres dret els en entre estic favor feina fins gracies ha
    hagi he hola ja jo la les me mes meu meva missatges molt no numero pagar pagare pels per
    pero persona puc quan que qui res se sense setmana seu seus seva siusplau sobre soc som sou
    tinc tot totes tots tu vull""",
    "cs": """
    aby ale bez bohuzel bude budu byl byla cislo co dakujem dekuji den dluh dluhu dnes dobry ja
    jak je jeho jeji jejich jen jsem jsou jste kazdy kde kdo kdy ktera ktere ktery ma maji mam
    mel mesic mi minuly moje mozem muj muzete muzu na nebo nejsem nemam nemocny nemohu nemuzu
    neni nie patek penez peniaze penize piatok po pondeli praci pravo prestante pri pristi pro
    prosim psat se som spatne tato ted tento to tyden ucet uplne uz vas velmi vsechno vsetko
    vyplata vyplatu zajtra zaplatil zaplatim zaplatit ze zemrel zitra""",
    "cy": """
    ac all alla am anfon anghywir ar arian at ble bob bod bore bydd byddaf cael chi cyflog
    cyfrif da dan dda ddim ddrwg dim diolch dros dw dwi dydd dylai dyled ei eich ein eisiau eu
    faint farw fe fel fod fu fy fydda gael gall gallaf gallu gan gwaith gwelwch gwener gyda
    gyfer hawl heb hefyd helo hoffwn hon hyn hynny iawn ir isio llun mae mam marw mewn mi min
    mis nawr negeseuon nesaf neu nhad nhw ni oedd oes ond or os pawb peidiwch popeth pryd
    prynhawn pwy rhaid rhif rwan rwyf rydw sal stopiwch sydd talu trwy wedi wnaf wnes wrth
    wythnos ydw ydy ydych yfory yma ymlaen yn yr yw""",
    "de": """
    aber alle alles am anwalt arbeit arbeitslos auch auf aufhoren bei bezahlen bezahlt bin bitte
    danke das dass dem den der dich die diese diesen dieser dieses dir durch ein eine einen er
    es euch falsche freitag fur gehalt geld gestorben guten habe haben hallo hat heute horen ich
    ihr ihre ihrer im in ist ja jeder jetzt kann kein keine keinen konnen konto krank leider
    letzte man mein meine meinen mich mir mit monat montag morgen mutter nach nachrichten
    nachste nachsten nein nicht nichts noch nummer oder ohne recht schicken schon schuld
    schulden sehr seine seiner sie sind so tag uber uberwiesen und uns unter vater von wann
    warum was weil wenn wer werde werden will wir wird wo woche worden zahle zahlen zu zum zur
    zwischen""",
    "fi": """
    ei en etta huomenna ja jo jos kiitos kun kuukauden kuukautena lopettakaa maksaa maksan
    maksettu maksoin mina minulla minun mitaan mutta nyt ole on perjantaina rahaa se sina tai
    tama taman tanaan tata te velka viesteja viikko viikolla voi""",
    "fr": """
    ai ainsi appeler argent arretez au aucun aucune aujourd aussi aux avec avez avocat avoir
    avons beaucoup bien bonjour bonsoir ca ce cest cet cette chaque chez comment compte contre
    dans de decede deja demain dernier derniere des desole dette dit dois doit donc dont droit
    du elle emploi en encore entre envoyer envoyez est et etait ete etes faire fait faut fois
    hui il ils jai je jour la le les leur leurs lui lundi ma mais malade mardi mari mauvais me
    meme merci mere mes messages moi mois mon nai ne non notre nous numero on ont ou oui
    paiement paierai paierais par parce pas paye payer pere personne personnes peut peux plait
    plus pour pourquoi quand que quelque qui quoi recois regle reglee reste rien sa salaire
    salut sans semaine sera ses si son sont sous suis sur svp tous tout toute toutes travail
    tres trop tu un une vais vendredi vendredis veux vos votre vous""",
    "ha": """
    ba bashi biya cewa da don duk ina kada ko kowa kudi mai na ni sati su ta wanda wata ya yi za
    zan""",
    "hmn": """
    cov hawm hli koj kuv lawv los lub muaj no nws nyiaj peb rau sij tas tau them thov tsis yuav""",
    "hr": """
    ali bez bila bio biti bolestan broj ce cu da dan do dobar dug duga gde gdje hvala ili ima
    imam je kada kako kao ko koja koje koji krivi meni mi mjesec mogu moj moja molim na ne
    nedelja nemam nije nisam nista njegov novac novca od ostala ostao ova ovaj ovo pare petak
    placa platila platio platit platiti po pogresan ponedjeljak poruke posao posla pravo
    prestanite pri racun sada sam samo se slati sta sto su sutra svaki svatko sve svi tjedan tko
    umro vam vec vrlo za""",
    "ht": """
    anpil ant anyen ap avek ban bonjou bonswa chak deja demen det dwa dwe epi eske fe fet fini
    gen genyen jan ka kapab ki kijan kob konnen konsa kont kote kounye lajan lavi li lot malad
    manman men menm mesaj mesi moun mouri mwa mwen nan nenpot nimewo nou oswa ou pa papa pase
    paske peye peyi pou poukisa pral sa san se semen silvouple sispann tanpri te tou tout travay
    vandredi vle voye yo yon""",
    "hu": """
    abba akarok alatt anyam arra az azt be beteg csak de egy en es ez ezt fel ferjem fizetek
    fizetes fizetni ha hagyjak het hetfon hogy hol holnap honap honapban igen irjanak is jo jovo
    kell kerem ki kifizetem kifizettem koszonom le lehet lesz ma majd mar meg meghalt mert mig
    mikor minden most munka nagyon napot ne nekem nem nincs pedig pentek penteken penz penzem
    penzt ra rossz sem szam szamla szeretnem szia tartozas tudok tudom ugyved utan vagy vagyok
    van volna volt""",
    "id": """
    ada adalah akan aku akun anda atas atau bayar belum berhenti besok bisa bulan dalam dan
    dapat dari dengan di dimana gaji hari harus hutang ini itu juga jumat kami kamu kapan karena
    kasih ke kenapa kepada kerja lagi lalu maaf masih membayar mengirim meninggal mereka minggu
    mohon nanti nomor oleh orang pada pagi pekerjaan pesan sakit salah sanggup saya sebagai
    secara sekarang selamat semua senin serta setiap siapa sudah tanpa telah terima tidak tolong
    uang untuk utang yang""",
    "ig": """
    bu di ego enweghi ga ikike ka kwuo ma mere na ndi nke nwere obula onye ugwo ya""",
    "it": """
    abbiamo adesso agli aiuto alla alle allo anche ancora anni anno avere avvocato basta bisogno
    buonasera buongiorno che chi chiamare ci ciao come con conto cosa da dal dalla de debito
    degli dei del della delle dello devo di diritto dispiace domani dopo dove essere fatto
    favore fra gia gli grazie ha hai ho il la lavoro lo loro lunedi ma malato manca mandare
    mattina me mese messaggi mi mia miei mio molto morto negli nei nel nella nelle niente no non
    nostro numero oggi ogni ora pagare pagato pagherei paghero pago per perche perfavore persona
    persone piu posso prego proprio prossima prossimo puo qualsiasi quando quanto quello questa
    questo rata rate riesco saldato salve sbagliato scorsa scorso scrivere scrivermi scusi se
    senza settimana si smettete smettetela soldi sono stata stati stato stipendio sua sue sul
    sulla sulle suo suoi telefono tra tutte tutti tutto un una uno venerdi vi voglio volta volte""",
    "lt": """
    aciu alga arba as bei bet blogas buti buvo dabar darbo del diena dirbu esu galesiu gali
    galiu ir jau jo jos ju jusu kad kada kai kaip kas kiekvienas kur laba labai labas man mano
    menesi menesio moku ne negali negaliu nera netekau noriu numeris nuo nustokite pagal
    penktadieni pinigai pinigu prasau rasyti rytoj saskaita savaite savaites savo skola skolos
    su sumokesiu sumoketi tai taip teise turi visi viska visos yra""",
    "lv": """
    alga ar bet bija darba es esmu ir ja jau jusu ka kad kas konts kur labdien loti ludzu man
    mana mans menesi nauda naudas nav nedela nedelu nepareizs nevaru no numurs paldies par
    parads paradu pargtrauciet piektdien rit samaksasu samaksat tagad tas un varu viss""",
    "nl": """
    advocaat al alle alles als alstublieft anders bedankt ben betaal betaald betalen bij dag
    dank dat de der deze die dit door een elke en gedaan geen gehad geld goedemorgen haar hallo
    heb hebben heel helaas helemaal het hun iemand ik is ja jullie kan kun kunnen kunt maand
    maandag maar me meer mensen met mij mijn moeder morgen naar nee niet niets nog nu nummer of
    omdat onze ook op over overleden recht rekening salaris schuld stop sturen te tegen tot
    tussen uit uw van vandaag verkeerd volgende voor vorige vrijdag waar waarom wanneer was week
    weer werk wie wij worden wordt zal ze ziek zijn zonder""",
    "pl": """
    aby ale bardzo beda bede bedzie bez byl byla chce chora chory czesc czy dam dlaczego dlug
    dlugu do dobry dobrze dziekuje dzien dzwonic gdzie ich ile jak jako jego jej jest jestem
    jeszcze jutro juz kazdy kiedy kim konto kto ktora ktore ktory ku lub mam mi miesiac miesiacu
    mnie moge moj moja moje mozna na nie nikt numer od ona oni ono oraz pan pani panstwo piatek
    pieniadze pieniedzy pisac po pod pomylka poniedzialek prace pracy prawo prosze przepraszam
    przestan przestancie przez przy rade rate raty rozumiem sa sie tak tego tej ten teraz to
    tydzien tygodniu tylko tym wam wiec wszystkich wszystko wyplata wyplate za zaplace zaplacic
    zaplacilam zaplacilem ze zeszly zeszlym zly zmarl zmarla zostalo""",
    "pt": """
    acordo advogado agora ai ainda amanha ao aos apenas aquela aquele assim ate boa bom ca cada
    cedo com como comprar conseguir consigo conta conversar da das de dele depois desempregado
    dia dinheiro direito divida divido do doente dois dos ela ele eles em emprego entre era eram
    errado essa essas esse esses esta este estou eu falar faleceu falei falta favor fazem fazer
    feira fiz foi foram fosse hoje isso isto ja la lhe ligar mae mais mandar marido mas me
    mensagens mes meses meu meus minha minhas morreu muita muito na nada nao nas no noite nos
    nossa nosso num numa numero obrigada obrigado ola onde outra outro pagar pagarei paguei pai
    para parar parcela parcelar parcelas pare parem passada pela pelas pelo pelos perder perdi
    pessoa pessoas pode podem por porem porque posso preciso proxima qualquer quando que quem
    quero reais receber recebo resolver salario se segunda sem semana semanas ser sera serao seu
    seus sexta sim so sobre sou sua suas tambem tao tarde telefone tem tenha tenho ter tinha
    todas todos trabalho tudo um uma vezes voce voces vou""",
    "ro": """
    aceasta acest acestei achitat acum ai ale am are asta asupra au avea bani banii bine bolnav
    buna ca cand cat cati ce cine cont contul cu cum cunosc da daca dar datorez datoria datorie
    de deja din doar doresc drept dreptul dumneavoastra este eu fara fi fie fiecare foarte fost
    gresit iar imi inca incepand inteleg intre la le lor lui luna luni mai maine mama mare mea
    mele mesaje mesajele meu mi mie mult multumesc munca murit ne nici nimic nu numar numarul
    oameni opriti ori orice oricine pana pare pe pentru persoana platesc platesti plati platit
    poate pot primesc prin ramas rau rog sa salariu salariul saptamana saptamanii sau serviciu
    si sotia sotul suma sunt te toate total toti trebuie trecuta un unde unei unui va viitoare
    vineri voi vor vreau ziua""",
    "so": """
    aan adiga ah ama anigu asc ay ayaa ayay berri bisha bixi bixin bixiyay deyn deynta ee fadlan
    fariimaha haa hadda inay inuu isbuuca iyada iyo jimcaha jooji ka kari karo kasta ku la
    laakiin lacag lacagta lagu lambarka leh loo ma maanta mahadsanid maxay maya oo qalad qof
    salaan shaqada shaqo si tahay uga uu waa waan walba waxa waxaa waxaan waxba yahay""",
    "sq": """
    asgje borxh borxhi cdo dhe do duhet eshte faleminderit gabim gjithcka gjithe hene im ime jam
    jane java jave jo juve ka kam kane kesaj kete ketij ku kur kush lek llogari lutem me mesazhe
    mos mua muaj muajin mund ndaloni ne nese neser nga njeri nuk numer pa paguaj paguar para per
    pershendetje po por premte pune qe rroge saj se semure shume si tani te tij tungjatjeta tyre
    une vdekur""",
    "sv": """
    ar att av betala den det detta du eller for fredag har hur inga inte jag kan manad manaden
    med mig min mina nagon nagot nar ni och pa pengar redan ska skall skicka skuld sluta snalla
    som tack till tyvarr var varje vecka veckan vi vill""",
    "sw": """
    acha akaunti asante au baada bila deni habari haki hapana hii hiyo hizo huo huu ijumaa ili
    iliyopita jambo kama katika kazi kesho kila kulipa kutuma kuwa kwa lakini leo lini lote mimi
    mshahara mtu mwenye mwezi mwisho na nambari nani naweza ndio ndiyo ni niko nimelipa nina
    nitalipa pesa samahani sana sasa si sina sio siwezi tafadhali tayari ujumbe wa wala wao wapi
    wewe wiki wote ya yako yangu yeye yote""",
    "tl": """
    akin aking ako akong akoy ang ano asawa at ay ayaw ba bakit bawat bayad bayaran binayaran
    biyernes bukas buwan dahil din gabi gusto hapon hindi hulugan huwag ibang isang itigil ito
    iyan iyong kada kahapon kailan kailangan kami kaniyang kanya kapag karapatan kayo ko kulang
    kumusta kung lahat lamang lang linggo lunes maaari magandang magbabayad magbayad magkano
    mali maling maraming may mayroon meron mga na nabayaran nagbayad naman namatay namin nanay
    nang natin ng ngayon ninyo niyo no noong numero nyo opo pa paano paki pakitigil pakiusap
    pambayad pasensya patay pera pero po puwede pwede rin sa saan sahod sakit salamat sila sino
    siya tatay tayo tigil trabaho umaga utang wag wala walang yan yung""",
    "tr": """
    ama annem artik atmayin ay babam bana ben beni benim bir borc borcu borcum bu bugun buna
    bunu calismiyorum cok cuma daha degil ederim esim etti evet gecen gibi gondermeyin hafta
    hakki hasta hayir hepsini her herkes hesap hicbir icin ile is istemiyorum istiyorum kadar
    kendi kim kisi lutfen maalesef maas merhaba mesaj ne nerede numara odedim odeme odemek
    odeyecegim odeyemem olan olarak oldu olmak once onu para param pazartesi selam simdi size
    sizin sonra su tarafindan tesekkur tesekkurler var ve vefat veya yanlis yapacagim yapamam
    yarin yok zaman zaten""",
    "ur": """
    aap abhi agar apka assalam bahut bhai bhi dena dene diya dunga dungi galat haan hafte hai
    hain hoon hun jumma ka kab kal kar karna karo karunga karungi kaun ke ki ko kuch kya kyun
    lekin magar mahine mai meherbani mein mera mere meri mujhe nahi nahin namaste naukri paisa
    paise phir sab salam se shukriya tak tankhwah theek""",
    "vi": """
    ai anh ba ban bang bao bat benh bi biet cac cam chao chet chi cho chua co con cua cung da
    dau den deu dien dung duoc duoi em gi goi hay het hoac hom khi khoan khong ky la lai lam
    long luong mai me minh moi mot muon nay neu ngay ngung nguoi nham nhan nhieu nhu nhung no
    nua on ong phai quyen ra roi sai sau se so thang thanh the theo thoai tien tin toan toi tra
    tren trong truoc tuan va vay vi viec voi vui xin""",
}
"""Common words, those of the trade among them, by ISO 639 code; without accents, as `plain` has
them. A word may be in several languages: it speaks for none of them, and against none.
"""

SCRIPTS = {
    "ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "BOPOMOFO": "zh", "CJK": "zh",
    "CYRILLIC": "ru", "DEVANAGARI": "hi", "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el",
    "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja",
    "KANNADA": "kn", "KATAKANA": "ja", "KHMER": "km", "LAO": "lo", "MALAYALAM": "ml",
    "MYANMAR": "my", "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "THAANA": "dv",
    "THAI": "th", "TIBETAN": "bo",
}  # fmt: skip
"""The most likely language of each script."""
LETTERS = dict.fromkeys("іїєґ", "uk") | dict.fromkeys("ٹڈڑےں", "ur") | dict.fromkeys("پچگژ", "fa")
"""Letters that tell one language of a script from its most likely one."""


def _plain_words(table: str) -> frozenset[str]:
    return frozenset(word for line in table.splitlines() for word in words_of(plain(line)))


_KNOWN = _plain_words(ENGLISH + SPANISH)
_SPOKEN = {code: _plain_words(words) for code, words in OTHERS.items()}
_TELLING = frozenset().union(*_SPOKEN.values()) - _KNOWN
_SPELLING = {
    code: re.compile(pattern)
    for code, pattern in {
        "ca": "itat$|ment$|cio$|[aei]ns$|[^u]es$",
        "cs": "[cszr]h?ni$|ovat|nych$|eho$|emu$|ych$",
        "cy": "dd|^ll|wy|[iao]dd?wch$|^ngh",
        "de": "sch|ung(?:en)?$|lich|keit|eit$|[^aeiou]ck",
        "fi": "[aeiouy][ktps]{2}|aa|uu|ii|inen$|ssa$",
        "fr": "eaux?$|[aeo]ux$|ement$|tion|oi[rst]|ez$|^d[ao]u|aill|euse?s?$",
        "hr": "[nlm]j|ije|ava[nlt]|ovi|anje|stv",
        "hu": "[aeo]gy|sz|[aeo]k$|nak$|nek$|ban$|ben$",
        "id": "^(?:me|ber|di|ter|pe)[a-z]{5}|kan$|nya$",
        "it": "zion|gli|cch|ggi|tt[aoie]$|zz|ita$|ss[aoie]",
        "lt": "iau|iai$|[ai]ms$|uoj|usi$|tas$",
        "nl": "ij|[^s]cht|aa[rntl]|oo[rn]|ee[nrl]",
        "pl": "cz|sz|rz|dz|[ao]w$|ych$|ego$|ej$|osc",
        "pt": "cao$|coes$|[aeiou][ln]h[aeio]|[aeo]m$|ss",
        "ro": "ului$|[aei]lor$|[aei]le$|esc$|eaz|[ae]sc|tii$|ti$|[^aeiou]ul$",
        "sq": "sh|[^s]j[ae]|xh|zh|ej$",
        "sw": "^(?:ku|wa|ki|vi|ya|ma)[a-z]{3}|wa$|isha$",
        "tl": "^(?:nag|mag|pag|ka|pina)[a-z]{3}|ng$|an$",
        "tr": "l[ae]r|m[ae]k$|[iu]yor|d[iu]r$|n[iu]n$",
        "vi": "^(?:ng|nh|th|tr|kh|ph)[aeiouy]|[aeiouy]nh?g?$",
    }.items()
}
"""How a language spells: among words that are in no table, each such one is half a sign of it."""
_MARKED = re.compile("[ąćęłńśźżăâîșțşţãõçàèêëïôöùûäüßøåæœğıőűčďěňřšťůžđơưŵŷẹọṣẠ-ỹ]")
"""Letters that neither English nor Spanish is written with."""
_LETTERS_READ = 400
_FEW, _MANY = 3, 5
"""Fewer words than _FEW tell no language: a greeting may be borrowed. _MANY with hardly one that is
English or Spanish are in some other.
"""


def foreign(text: str, words: Sequence[str]) -> str | None:
    """The ISO 639 code of a text that is neither English nor Spanish ("und": none that is known
    here), None for all that may be one of them or has no words. `words`: those of its plain form.
    """
    said = {word for word in words[:_LETTERS_READ] if word.isalpha() and word.isascii()}
    known = said & _KNOWN
    if not text.isascii() and 2 * len(known) <= len(said) and (code := _by_script(text)):
        return code
    if len(said) < _FEW or (2 * len(known) > len(said) and len(said & _TELLING) < 2):
        return None
    return _by_words(said, known, 0 if text.isascii() else _marked(text))


def _by_words(said: set[str], known: set[str], marked: int) -> str | None:
    unknown = said - _KNOWN
    scores = {code: _score(code, unknown, known) for code in _SPOKEN}
    code, (hits, against) = max(scores.items(), key=lambda item: item[1][0] - item[1][1])
    if hits >= 2 and hits + marked > against and (not known or len(said) >= _MANY):
        return code
    if len(said) < _MANY:
        return None
    sure = sum(len(word) > 2 for word in known)
    if marked >= max(2, sure) or 8 * len(known) < len(said) or 2 * hits > len(said) > 8 * sure:
        return code if hits >= 2 else "und"
    return None


def _score(code: str, unknown: set[str], known: set[str]) -> tuple[float, int]:
    """The words that no English or Spanish text has, and those that only such a text has."""
    spoken, spelling = _SPOKEN[code], _SPELLING.get(code)
    hits: float = len(unknown & spoken)
    if spelling:
        hits += sum(1 for word in unknown - spoken if spelling.search(word)) / 2
    return hits, len(known - spoken)


def _marked(text: str) -> int:
    return sum(1 for word in text[:_LETTERS_READ].lower().split() if _MARKED.search(word))


def _by_script(text: str) -> str | None:
    seen = text[:_LETTERS_READ].casefold()
    found = Counter(_script(char) for char in seen if char.isalpha())
    latin = found.pop(None, 0)
    if sum(found.values()) <= max(latin, 1):
        return None
    told = Counter(LETTERS[char] for char in seen if char in LETTERS)
    if told:
        return told.most_common(1)[0][0]
    return "ja" if "ja" in found else found.most_common(1)[0][0]


@lru_cache(maxsize=4096)
def _script(char: str) -> str | None:
    return SCRIPTS.get(re.split("[ -]", unicodedata.name(char, ""))[0])
