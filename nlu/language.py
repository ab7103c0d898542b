"""Which language a reply is in, where it is in none that is understood.

English and Spanish, and both at once, are one model's; from anything else it is best to abstain.
The words that every text of a language needs tell it: a table that can be read, two microseconds a
reply. Of the libraries, lingua brings 96 MB and langdetect guesses by chance; py3langid (4.5 MB)
and lingua alike take every tenth short, misspelt or slangy reply for another language.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

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
        aixo amb aquest aquesta ara atureu avui bon compte de del dels dema deute dia diners
        divendres els en estic favor feina gracies ha he hola ja jo la les me mes meu meva
        missatges molt no numero pagar pagare per pero puc quan que qui res se sense setmana
        siusplau soc som sou tinc tot tu vull
    """,
    "cs": """
        ale bez bude budu byl byla cislo co dakujem dekuji den dluh dluhu dnes dobry ja jak je
        jen jsem jste kde kdo kdy mam mesic mi moje mozem muj muzete muzu na nejsem nemam
        nemocny nemohu nemuzu neni nie patek penez peniaze penize piatok pondeli praci prestante
        pristi pro prosim psat se som spatne ted tento to tyden ucet uz vas velmi vsetko vyplata
        vyplatu zajtra zaplatil zaplatim zaplatit ze zemrel zitra
    """,
    "cy": """
        alla am anfon anghywir ar arian ble bod bore bydd byddaf cael chi cyflog cyfrif da ddim
        dim diolch dw dwi dydd dyled ei eich eisiau fe fod fy fydda gael gallaf gallu gan gwaith
        gwelwch gwener gyda heb hefyd helo hoffwn hon hyn iawn ir isio llun mae mam marw mewn mi
        min mis nawr negeseuon nesaf nhw ni oedd oes ond or os peidiwch popeth pryd prynhawn pwy
        rhaid rhif rwan rwyf rydw sal stopiwch sydd talu wedi wnaf wnes wythnos ydw ydy ydych
        yfory yn yr yw
    """,
    "de": """
        aber alles am anwalt arbeit arbeitslos auch auf aufhoren bei bezahlen bezahlt bin bitte
        danke das dass dem den der dich die dir ein eine einen er es euch falsche freitag fur
        gehalt geld gestorben guten habe haben hallo hat heute ich ihr ihre im in ist ja jetzt
        kann kein keine keinen konnen konto krank man mein meine meinen mich mir mit monat
        montag morgen mutter nach nachste nachsten nein nicht nichts noch nummer oder ohne schon
        schuld schulden sehr sie so tag und uns vater von wann warum was weil wenn wer werde
        will wir wird wo woche zahle zahlen zu zum zur
    """,
    "fr": """
        ai argent arretez au aujourd aux avec avez avocat avoir avons bien bonjour bonsoir ca ce
        cest cet cette comment compte dans de decede deja demain des dette dit dois donc du elle
        emploi en encore est et etait ete etes faire fait hui il ils jai je jour la le les leur
        lui lundi ma mais malade mardi mari mauvais me meme merci mere mes messages moi mois mon
        nai ne non notre nous numero on ou oui paiement paierai paierais par pas paye payer pere
        peux plait plus pour pourquoi quand que qui quoi recois rien salaire salut sans semaine
        si sont suis sur svp tout toute travail tres tu un une vais vendredi vendredis veux vos
        votre vous
    """,
    "hr": """
        ali bez bila bio biti bolestan broj ce cu da dan do dobar dug duga gde gdje hvala imam
        je kada kako ko krivi meni mi mjesec mogu moj moja molim na ne nedelja nemam nije nisam
        nista novac novca pare petak placa platila platio platit platiti pogresan ponedjeljak
        poruke posao posla prestanite racun sada sam samo se slati sta sto su sutra sve tjedan
        tko umro vam vec vrlo za
    """,
    "ht": """
        anpil anyen ap avek ban bonjou bonswa deja demen det dwe epi eske fini gen genyen ka
        kapab ki kijan konnen konsa kont kote kounye lajan li malad manman men mesaj mesi moun
        mouri mwa mwen nan nimewo nou ou pa papa paske peye pou poukisa pral sa san se semen
        silvouple sispann tanpri te tou travay vandredi vle voye yo
    """,
    "hu": """
        abba akarok anyam az beteg csak de egy en es ez ferjem fizetek fizetes fizetni hagyjak
        het hetfon hogy hol holnap honap honapban igen irjanak jo jovo kell kerem ki kifizetem
        kifizettem koszonom lesz ma majd mar meg meghalt mikor most munka nagyon napot ne nekem
        nem nincs pentek penteken penz penzem penzt rossz szam szamla szia tartozas tudok tudom
        ugyved vagyok van volt
    """,
    "id": """
        ada akan aku akun anda bayar belum berhenti besok bisa bulan dan dari dengan di dimana
        gaji hari hutang ini itu juga jumat kami kamu kapan karena kasih ke kenapa kerja lagi
        membayar mengirim meninggal minggu mohon nanti nomor pagi pekerjaan pesan sakit salah
        saya sekarang selamat senin siapa sudah terima tidak tolong uang untuk utang yang
    """,
    "it": """
        abbiamo adesso anche ancora anno avvocato basta buonasera buongiorno che chi ci ciao
        come con conto cosa da de debito dei del della delle dello devo di domani dopo dove
        favore gia gli grazie ha hai ho il la lavoro lo lunedi ma malato mattina me mese
        messaggi mi mia miei mio molto morto nel nella niente no non numero oggi ora pagare
        pagato pagherei paghero pago per perche perfavore piu posso prego prossima prossimo puo
        quando quello questa questo riesco salve sbagliato se senza settimana si smettete soldi
        sono stata stato stipendio tutto un una uno venerdi vi voglio
    """,
    "lt": """
        aciu alga as bet blogas buvo dabar darbo del diena dirbu esu galesiu galiu ir jau jusu
        kad kada kai kas kur laba labai labas man mano menesi menesio moku ne negaliu nera
        numeris nustokite penktadieni pinigai pinigu prasau rasyti rytoj saskaita savaite
        savaites skola skolos su sumokesiu sumoketi tai taip viska yra
    """,
    "lv": """
        alga ar bet bija darba es esmu ir ja jau jusu ka kad kas konts kur labdien loti ludzu
        man mana mans menesi nauda naudas nav nedela nedelu nepareizs nevaru no numurs paldies
        par parads paradu pargtrauciet piektdien rit samaksasu samaksat tagad tas un varu viss
    """,
    "nl": """
        advocaat al alles als alstublieft bedankt ben betaal betaald betalen bij dag dank dat de
        deze dit een en geen geld goedemorgen hallo heb hebben heel het ik is ja jullie kan kun
        kunnen maand maandag maar me meer met mij mijn moeder morgen naar nee niet niets nog nu
        nummer of omdat ook op overleden rekening salaris schuld stop te uw van vandaag verkeerd
        volgende voor vrijdag waar waarom wanneer was week werk wie wij wordt zal ze ziek zijn
        zonder
    """,
    "pl": """
        ale bardzo bede bedzie bez byl byla chce chora chory czesc czy dlaczego dlug dlugu do
        dobry dobrze dziekuje dzien dzwonic gdzie jak jest jestem jeszcze jutro juz kiedy kim
        konto kto mam mi miesiac miesiacu mnie moge moj moja moje na nie nikt numer od pan pani
        panstwo piatek pieniadze pieniedzy pisac po pod pomylka poniedzialek prace pracy prosze
        przestan przestancie przez rate raty rozumiem sa sie tak tego tej ten teraz to tydzien
        tygodniu tylko tym wam wiec wszystko wyplata wyplate za zaplace zaplacic zaplacilam
        zaplacilem ze zly zmarl zmarla
    """,
    "pt": """
        advogado agora ainda amanha ao aos ate boa bom com como conta da das de dele depois
        desempregado dia dinheiro divida do doente dois dos ela ele eles em emprego errado essa
        esse esta este estou eu faleceu favor fazem fazer feira fiz foi hoje isso isto ja mae
        mais mandar marido mas me mensagens mes meses meu meus minha minhas morreu muita muito
        na nada nao nas no noite nos num numa numero obrigada obrigado ola onde pagar pagarei
        paguei pai para parar parcelar parcelas pare parem pela pelo pode podem por posso quando
        que quem quero reais receber recebo salario se segunda sem semana seu seus sexta sim sou
        sua tambem tarde tenha tenho trabalho tudo um uma voce voces vou
    """,
    "ro": """
        aceasta acest acum ai am asta au bani banii bine bolnav buna ca cand ce cine cont contul
        cu cum da dar datorez datoria datorie de deja din doar doresc dumneavoastra este eu fara
        foarte fost gresit imi inteleg la luna luni mai maine mama mare mea mele mesaje mesajele
        meu mi mie multumesc munca murit nici nimic nu numar numarul opriti pana pe pentru
        platesc platesti plati platit poate pot primesc rog sa salariu salariul saptamana
        saptamanii si sotia sotul sunt te trebuie un unde va viitoare vineri voi vreau ziua
    """,
    "so": """
        adiga anigu asc ay ayaa berri bisha bixi bixin bixiyay deyn deynta fadlan fariimaha haa
        hadda isbuuca iyo jimcaha jooji ka kari karo ku la laakiin lacag lacagta lambarka ma
        maanta mahadsanid maxay maya oo qalad salaan shaqada shaqo si tahay uga uu waa waan
        waxaan waxba yahay
    """,
    "sq": """
        asgje borxh borxhi dhe do eshte faleminderit gabim gjithcka hene im ime jam java jave jo
        juve ka kam ku kur kush lek llogari lutem me mesazhe mua muaj muajin mund ndaloni ne
        neser nga nuk numer pa paguaj paguar para per pershendetje po por premte pune qe rroge
        semure shume tani te tungjatjeta une vdekur
    """,
    "sw": """
        acha akaunti asante baada deni habari hapana hii hiyo ijumaa jambo kama kazi kesho
        kulipa kutuma kwa lakini leo lini mimi mshahara mwezi mwisho na nambari nani naweza ndio
        ndiyo ni niko nimelipa nina nitalipa pesa sana sasa si sina sio siwezi tafadhali ujumbe
        wa wapi wewe wiki ya yako yangu
    """,
    "tl": """
        akin aking ako akoy ang ano asawa ay ayaw ba bakit bayad bayaran binayaran biyernes
        bukas buwan dahil din gabi gusto hapon hindi huwag itigil ito iyan iyong kahapon kailan
        kailangan kami kapag kayo ko kumusta kung lamang lang linggo lunes maaari magandang
        magbabayad magbayad mali maling maraming may mayroon meron mga na nagbayad naman namatay
        namin nanay nang natin ng ngayon ninyo niyo no numero nyo opo pa paano paki pakiusap
        patay pera pero po puwede pwede rin sa saan sahod sakit salamat sila sino siya tatay
        tayo tigil trabaho umaga utang wag wala yan yung
    """,
    "tr": """
        ama annem artik atmayin ay babam bana ben beni benim bir borc borcu borcum bu bugun
        calismiyorum cok cuma daha degil ederim esim etti evet gibi gondermeyin hafta hasta
        hayir hesap icin ile is istemiyorum istiyorum kadar kim lutfen maas merhaba mesaj ne
        nerede numara odedim odeme odemek odeyecegim odeyemem olarak oldu para param pazartesi
        selam simdi size sizin sonra su tesekkur tesekkurler var ve vefat yanlis yapacagim
        yapamam yarin yok zaman zaten
    """,
    "ur": """
        aap abhi agar apka assalam bahut bhai bhi dena dene diya dunga dungi galat haan hafte
        hai hain hoon hun jumma ka kab kal kar karna karo karunga karungi kaun ke ki ko kuch kya
        kyun lekin magar mahine mai meherbani mein mera mere meri mujhe nahi nahin namaste
        naukri paisa paise phir sab salam se shukriya tak tankhwah theek
    """,
    "vi": """
        ai anh ba ban bao benh bi biet cam chao chet chi cho chua co cua da dau den dien dung
        duoc em gi goi het hom khi khoan khong la lai lam long luong mai me minh mot muon nay
        neu ngay ngung nguoi nham nhan nhieu nhung no nua on ong roi sai sau se so thang thanh
        the thoai tien tin toan toi tra trong truoc tuan va vay vi viec voi vui xin
    """,
}
"""Common words, those of the trade among them, by ISO 639 code; without accents, as `plain` has
them. A word may be in several languages: it speaks for none of them, and against none.
"""

SCRIPTS = {
    "ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "BOPOMOFO": "zh", "CJK": "zh",
    "CYRILLIC": "ru", "DEVANAGARI": "hi", "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el", "GUJARATI": "gu",
    "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja", "KANNADA": "kn",
    "KATAKANA": "ja", "KHMER": "km", "LAO": "lo", "MALAYALAM": "ml", "MYANMAR": "my",
    "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "THAANA": "dv", "THAI": "th", "TIBETAN": "bo",
}  # fmt: skip
"""The most likely language of each script."""
LETTERS = dict.fromkeys("іїєґ", "uk") | dict.fromkeys("ٹڈڑےں", "ur") | dict.fromkeys("پچگژ", "fa")
"""Letters that tell one language of a script from its most likely one."""


def _plain_words(table: str) -> frozenset[str]:
    return frozenset(word for line in table.splitlines() for word in words_of(plain(line)))


_KNOWN = _plain_words(ENGLISH + SPANISH)
_SPOKEN = {code: _plain_words(words) for code, words in OTHERS.items()}
_TELLING = frozenset().union(*_SPOKEN.values()) - _KNOWN
_FEW, _MANY = 3, 5
"""Fewer words than _FEW tell no language: a greeting may be borrowed. _MANY with hardly one that is
English or Spanish are in some other.
"""
_LETTERS_READ = 400


def foreign(text: str, words: Sequence[str]) -> str | None:
    """The ISO 639 code of a text that is neither English nor Spanish ("und": none that is known
    here), None for all that may be one of them or has no words. `words`: those of its plain form.
    """
    said = {word for word in words[:_LETTERS_READ] if word.isalpha() and word.isascii()}
    known = len(said & _KNOWN)
    telling = len(said & _TELLING)
    if not text.isascii() and 2 * known <= len(said) and (code := _by_script(text)):
        return code
    if len(said) < _FEW or (telling < 2 and (8 * known >= len(said) or len(said) < _MANY)):
        return None
    return _by_words(said, known)


def _by_words(said: set[str], known: int) -> str | None:
    scores = {code: _score(said, spoken) for code, spoken in _SPOKEN.items()}
    code, (hits, against) = max(scores.items(), key=lambda item: item[1][0] - item[1][1])
    if hits > against and hits >= 2 and (not known or len(said) >= _MANY):
        return code
    return "und" if len(said) >= _MANY and 8 * known < len(said) else None


def _score(said: set[str], spoken: frozenset[str]) -> tuple[int, int]:
    """Its words that no English or Spanish text has, and the other way round."""
    return len((said & spoken) - _KNOWN), len((said & _KNOWN) - spoken)


def _by_script(text: str) -> str | None:
    letters = [char for char in text[:_LETTERS_READ] if char.isalpha()]
    found = Counter(
        SCRIPTS.get(unicodedata.name(char, "").split(" ")[0].split("-")[0]) for char in letters
    )
    latin = found.pop(None, 0)
    if sum(found.values()) <= latin:
        return None
    told = Counter(LETTERS[char] for char in text[:_LETTERS_READ].casefold() if char in LETTERS)
    return (
        told.most_common(1)[0][0] if told else "ja" if "ja" in found else found.most_common(1)[0][0]
    )
