"""Words common in replies, by language; without accents, as `nlu.normalise` has them."""

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
    aby ale bez bohuzel bude budu byl byla cislo co ctvrtek dakujem dekuji den dluh dluhu dnes
    dobry ja jak je jeho jeji jejich jen jsem jsou jste kazdy kde kdo kdy ktera ktere ktery
    lezim ma maji mam mel mesic mi minuly moje mozem muj muzete muzu na nebo nedeli nejsem nemam
    nemocnici nemocny nemohu nemuzu neni nepracuji nie patek penez peniaze penize piatok po
    pondeli posilejte praci pravnikem pravo prestante pri pristi pro prosim psat se sobotu som
    spatne stredu tato ted tento to tyden ucet uplne uz vas velmi vsechno vsetko vubec vyplata
    vyplatu zajtra zaplatil zaplatim zaplatit ze zemrel zitra""",
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
    adresse ai ainsi an appeler apres argent arretez au aucun aucune aujourd aussi aux avant
    avec avez avocat avoir avons beaucoup besoin bien bonjour bonsoir ca ce cest cet cette
    chaque chez chomage chose client comment compte connais contact contre dans date de decede
    deja demain dernier derniere des desole dette dimanche dit dois doit donc dont droit du elle
    emploi en encore enfant enfants entre envoyer envoyez erreur est et etait ete etes faire
    fais fait faut femme fera ferai fille fils fois hopital hui il ils important impossible jai
    jamais je jeudi jour jusqua la le les leur leurs licencie lien loyer lui lundi ma mais
    malade mardi mari mauvais me meme merci mercredi mere mes message messages moi mois mon nai
    ne non note notre nous numero on ont ou oui page paiement paierai paierais par parce parler
    parlez part pas paye payer pendant pere personne personnes peut peux place plait plan plus
    possible pour pourquoi pouvez pouvons prochain prochaine promis quand que quelqu quelque qui
    quoi recevoir recois recu regle reglee regler reste rien sa sais salaire salut samedi sans
    se semaine sera service ses si son sont sous suis sur svp te telephone temps total toujours
    tous tout toute toutes travail tres trompez trop tu un une vais vendredi vendredis veuillez
    veux virement vos votre voulez vous""",
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
    anpil ant anvan anyen ap apre avek avoka avoke ban bonjou bonswa chak chomaj deja demen depi
    det dimanch dwa dwe epi eske fe fem fet fini gen genyen jan janm janvye jedi ka kapab kay ki
    kijan kiyes kob konnen konsa kont kote kounye kriz lajan lavi lendi li lontan lopital lot
    lwaye madi malad manman map mekredi men menm mesaj mesi moun mouri mwa mwen nan nenpot
    nimewo nou oswa ou pa pale papa pase paske pesonn peye peyi pitit pito pou poukisa pral
    problem sa samdi san se semen silvouple sispann tanpri te timoun tou toujou tout travay
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
    abbiamo adesso affitto agli aiuto al alla alle allo anche ancora anni anno avere avete avevo
    avvocato banca basta bisogno bolletta bonifico buonasera buongiorno casa caso che chi
    chiamare chiedo ci ciao come con conto contratto cosa da dal dalla de debito degli dei del
    della delle dello devo di diritto disoccupato dispiace domani domenica dopo dove essere ex
    faccio fai fare fatto favore figlia figlio fra gia giovedi gli grazie ha hai ho il in la
    lavorare lavoro le licenziato lo loro lunedi ma mai malato manca mandare mandate mandatemi
    martedi mattina me meno mercoledi mese messaggi mi mia miei mio moglie molto momento morto
    negli nei nel nella nelle nessuno niente no nome non nostro numero oggi ogni ora ospedale
    pagamento pagare pagato pagherei paghero pago parlare parlate parli parte per perche
    perfavore persona persone piu possibile posso potete prego proprio prossima prossimo puo
    puoi qualcuno qualsiasi quando quanto quello questa questo qui rata rate resto ricevo
    ricevuto riesco rispondere sabato saldato salve sbagliato scadenza scorsa scorso scrivere
    scrivermi scusi se sempre senza settimana si smettete smettetela soldi sono stata stati
    stato stipendio sua sue sul sulla sulle suo suoi te telefono tempo tra tutte tutti tutto un
    una uno venerdi vi vita voglio volta volte vorrei""",
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
    aby ale bardzo beda bede bedzie bez bezrobotny byl byla chce chora chory corka czesc
    czwartek czy czynsz dam dlaczego dlug dlugu do dobry dobrze dzieci dziekuje dzien dzwonic
    gdzie ich ile jak jako jego jej jest jestem jeszcze jutro juz kazdy kiedy kim kontakt konto
    kto ktora ktore ktory ktos ku ledwo lub mam mi miesiac miesiacu mna mnie moge moj moja moje
    mozna na nie niedziela niego niej nigdy nikomu nikt numer od ona oni ono oraz pan pani
    panstwo piatek pieniadze pieniedzy pisac po pod polowe pomylka poniedzialek prace pracy
    prawnik prawnikiem prawo prosze przeleje przelew przepraszam przestan przestancie przez przy
    rade rate raty robote rozmawiac rozumiem sa sie sobota sroda stracilam stracilem syn szpital
    szpitalu tak tego tej telefon ten teraz to tydzien tygodniu tylko tym wam wiec wszystkich
    wszystko wtorek wyplata wyplate za zaplace zaplacic zaplacilam zaplacilem zawsze ze zeszly
    zeszlym zly zmarl zmarla znowu zostalo""",
    "pt": """
    acabei acabou acordo advogado agora ai ainda alguem aluguel amanha ao aos apenas aquela
    aquele assim assunto ate atraso banco boa boleto bom ca cada carro cartao casa cedo cobranca
    coisa com como comprar comprei conseguir consigo conta contrato conversar credito da das de
    debito dele depois depositar desculpa desculpe desempregado dia dias dificil dificuldade
    dificuldades dinheiro direito divida divido do doenca doente dois domingo dos ela ele eles
    em emprego entendi entre era eram errado esposa essa essas esse esses esta estado estava
    este estou eu faco falar fale faleceu falei falem falta familia favor faz fazem fazendo
    fazer feira fevereiro ficando filha filho fiz foi foram fosse fraude fui hoje hora horas
    hospital irmao isso isto ja janeiro juros la lhe ligar liguem mae mais mandar marido mas me
    menos mensagens mes meses meu meus minha minhas morreu muita muito mulher na nada nao nas
    ninguem no noite nome nos nossa nosso num numa numero nunca obrigada obrigado ola onde outra
    outro pagando pagar pagarei paguei pai para parar parcela parcelar parcelas pare parem parte
    passada passando pela pelas pelo pelos perder perdi pessoa pessoas pode podem por porem
    porque posso preciso procurando proxima qualquer quando quarta que quem quero quinta quitar
    reais receber recebi recebo resolver resto sabado salario se segunda sem semana semanas
    sempre ser sera serao seu seus sexta sim so sobre sou sua suas tambem tao tarde telefone tem
    tenha tenho ter terca tinha toda todas todo todos total trabalhando trabalho transferencia
    tudo um uma vem vezes vida vier vindo voce voces vou""",
    "ro": """
    aceasta acest acestei achitat acum ai ale am are asta asupra au avea avem aveti avocatul
    bani banii bine bolnav buna ca cand cat cati ce chiria cine cineva concediat cont contul
    copii copil cu cum cunosc da daca dar datorez datoria datorie de deja din doar doresc drept
    dreptul duminica dumneavoastra este eu fara fi fie fiecare fiica fiul foarte fost gresit iar
    imi inca incepand inteleg internat intre joi la le linkul lor lucrez lui luna luni mai maine
    mama mare marti mea mele mesaje mesajele meu mi mie miercuri mult multumesc munca murit ne
    nici niciodata nimeni nimic nu numar numarul oameni opriti ori orice oricine pana pare pe
    pentru persoana platesc platesti plati platit poate pot primesc primit prin puteti ramas rau
    recunosc rog sa salariu salariul sambata saptamana saptamanii sau serviciu si sigur somaj
    sotia sotul spital suma sunt sunteti te toate total toti trebuie trecuta trimit trimite
    trimiteti un unde unei unui va viitoare vineri voi vor vorbesc vorbiti vreau ziua""",
    "so": """
    aan adiga ah ama anaa aniga anigu arbaco asc axad ay ayaa ayay berri bisha bixi bixin
    bixiyay deyn deynta ee fadlan fariimaha haa hadda inay inuu isbitaal isbitaalka isbuuca
    isniin iyada iyo jimcaha jiraa jooji ka kari karo kasta khamiis ku la laakiin lacag lacagta
    lagu lambarka leh loo ma maanta mahadsanid mana maxay maya oo qalad qareenka qof sabti
    salaan shaqada shaqeeyo shaqo si tahay talaado telefoon uga uu waa waan walba waxa waxaa
    waxaan waxba yahay""",
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
    ama annem artik atmayin avukat avukatim ay babam bana ben beni benim bir borc borcu borcum
    bu bugun buna bunu calisiyorum calismiyorum carsamba cikarildim cok cuma cumartesi daha
    degil ederim esim etti evet gecen gibi gondermeyin hafta hakki hasta hastanede hastanedeyim
    hayir hepsini her herkes hesap hicbir icin ile is istemiyorum isten istiyorum kadar kendi
    kim kiraya kisi lutfen maalesef maas merhaba mesaj ne nerede numara odedim odeme odemek
    odeyecegim odeyemem olan olarak oldu olmak once onu para param pazar pazartesi persembe sali
    selam simdi size sizin sonra su tarafindan tesekkur tesekkurler var ve vefat veya yanlis
    yapacagim yapamam yarin yok zaman zaten""",
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
"""Words of everyday and of the trade by ISO 639 code. One that English or Spanish has, too, speaks
neither for the language nor against it.
"""
