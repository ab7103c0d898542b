"""The same safety intents in Spanish, on texts without accents."""

from nlu.rules.table import Rule

_FAMILIA = r"(?:mama|papa|madre|padre|esposo|esposa|marido|mujer|hijo|hija|hermano|hermana|abuelo|abuela|tio|tia|senor|senora|titular|cliente|persona)"

SPANISH = (
    Rule(
        "es-autolesion", "self_harm_risk",
        on="mori muer mata suic vivi vida dano quit",
        pattern=r"\bme (?:quiero|quisiera|voy a) (?:morir|matar|quitar la vida)\b|\bquiero morir(?:me)?\b|\b(?:ya )?no quiero (?:vivir|seguir viviendo)\b|\bsuicid\w+|"
        r"\b(?:acabar|terminar) con mi vida\b|\bquitarme la vida\b|\bhacerme dano\b|\bmejor me muero\b|\b(?:razon|ganas) (?:para|de) vivir\b",
        unless=r"\bse (?:suicido|mato)\b|tengo muchas ganas de vivir|no quiero vivir (?:aqui|con|en)",
        yes=("me quiero morir", "ya no quiero vivir", "pienso en suicidarme"),
        no=("mi esposo murio", "no quiero vivir aqui", "no puedo vivir con 100 al mes"),
    ),
    Rule(
        "es-fallecido", "deceased",
        on="muri fall defu muer viud desc ente",
        pattern=rf"\b(?:fallecio|fallecida|fallecido|falleceria|ha fallecido|defuncion)\b|\b{_FAMILIA}(?: \w+){{0,3}} (?:murio|se murio|esta muert[oa])\b|\b(?:ya|el|ella|se) (?:se )?murio\b|"
        r"\bmurio (?:hace|en|el|la|ayer)\b|\besta muert[oa]\b|\bsoy (?:la viuda|el viudo)\b|\bdescanse? en paz\b",
        unless=r"\b(?:telefono|carro|coche|bateria|perro|gato|celular)\b|no puedo con esto|esta muerto de",
        yes=("mi papa fallecio el mes pasado", "el señor ya murió", "esa persona está muerta"),
        no=("se murio mi telefono", "estoy muerto de cansancio", "me quiero morir"),
    ),
    Rule(
        "es-quiebra", "bankruptcy",
        on="banc quie capi",
        pattern=r"\b(?:bancarrota|quiebra|bancarota)\b|\bcapitulo (?:7|13|siete|trece)\b",
        unless=r"\b(?:no quiero|evitar|sin)\b.{0,25}(?:bancarrota|quiebra)",
        yes=("me declaré en bancarrota", "estoy en quiebra", "capítulo 7"),
        no=("no quiero llegar a la bancarrota", "fui al banco"),
    ),
    Rule(
        "es-abogado", "attorney_represented",
        on="abog",
        pattern=r"\b(?:mi|tengo|contrate(?: a)?|con (?:mi|el|la)|al|un|una) abogad[oa]s?\b",
        unless=r"\b(?:no tengo|voy a (?:buscar|contratar|conseguir)|necesito|no puedo pagar)\b.{0,12}abogad",
        yes=("hable con mi abogado", "tengo abogado"),
        no=("no tengo abogado", "voy a contratar un abogado", "su abogado me llamo"),
    ),
    Rule(
        "es-robo-de-identidad", "identity_theft",
        on="iden frau robo roba falsi uso usar abri",
        pattern=r"\brob(?:o|aron|ado)(?: de)?(?: (?:la|mi|mis))? (?:identidad|datos|informacion)\b|\bvictima de (?:un )?fraude\b|\b(?:alguien|mi ex)(?: \w+){0,2} (?:uso|abrio|saco|utilizo)\b.{0,30}\b(?:mi nombre|mis datos|mi seguro|mi identidad)|"
        r"\busaron mi (?:nombre|seguro|identidad|informacion)\b|\bfalsificaron mi firma\b|\b(?:fue|hicieron) (?:un )?fraude\b",
        unless=r"\b(?:esto es|esto parece|como se|es un) fraude\b",
        yes=("me robaron la identidad", "alguien usó mi nombre, alguien abrió esa cuenta con mis datos", "soy víctima de fraude"),
        no=("esto es fraude?", "me robaron el carro"),
    ),
    Rule(
        "es-no-es-mia", "dispute",
        on="mia mio debo reco cuen firm",
        pattern=r"\bno (?:es|son) (?:mi[ao]s?\b|mi (?:deuda|cuenta))|\b(?:yo )?no (?:les? )?debo (?:eso|nada|ese|esa|ningun)\b|\bno reconozco (?:esa|esta|ese|este|la|el|ningun)|\bnunca (?:tuve|abri|firme|compre|pedi)\b|\b(?:no|nunca) (?:firme|autorice|pedi)\b",
        unless=r"\bno reconozco (?:este|ese|el) numero|ya (?:lo )?pague",
        yes=("esa deuda no es mía", "yo no debo eso", "no reconozco este cargo", "nunca tuve cuenta con ellos"),
        no=("no reconozco este numero", "cuanto debo", "no debo nada ya pague"),
        confidence=0.94,
    ),
    Rule(
        "es-equivocado", "wrong_person",
        on="equi pers cono vive nadi",
        pattern=r"\b(?:numero|persona|telefono|correo) (?:equivocad[oa]|incorrect[oa])\b|\bse equivoc(?:o|aron|a) de (?:numero|persona)\b|\besta equivocado(?: de (?:numero|persona))?[. !]*$|\bno soy (?:esa persona|quien busca|yo)\b|"
        r"\b(?:aqui )?no (?:vive|hay|conozco)(?: (?:aqui|a|ning\w+|nadie|esa|ese|ella|el))* ?(?:con ese nombre|persona|ese nombre|nadie)\b|\bya no vive aqui\b",
        yes=("número equivocado", "se equivocó de número", "no soy esa persona", "no conozco a esa persona"),
        no=("quiero hablar con una persona", "el saldo esta equivocado y muy alto"),
    ),
    Rule(
        "es-no-me-contacten", "cease_contact",
        on="paz tran cont moles comu busq",
        pattern=r"\bdej[ae]n?me(?:n)? (?:en paz|tranquil[oa])\b|\b(?:no|ya no|dejen? de)(?: me| nos)? (?:vuelvan? a )?(?:contact(?:en|ar|arme|e)|molest(?:en|ar|arme|e)|busquen|comunicarse)(?:me)?\b",
        unless=r"\b(?:a mi familia|en el trabajo|a mi (?:mama|papa|esposa|esposo))\b",
        yes=("déjeme en paz", "no me contacten más", "dejen de molestarme"),
        no=("dejen de molestar a mi familia", "no me han contactado", "quiero paz"),
    ),
    Rule(
        "es-no-mas-mensajes", "opt_out",
        on="mens text corr list escr baja nume",
        pattern=r"\b(?:no|ya no)(?: me| nos)?(?: quiero(?: recibir)?| mande[ns]?| envie[ns]?| manden)?(?: mas| sus| estos| esos)* (?:mensajes|mensajitos|textos|correos)\b|\b(?:dej[ae]n?|pare[n]?) (?:de )?(?:mandar\w*|enviar\w*|textear\w*|escribir\w*|los|sus|con los)(?: \w+)?(?: mensajes| textos)?\b|"
        r"\b(?:quite|saque|borre|elimine)n?(?:me)?(?: mi numero)?(?: de)?(?: la| su| mi)? ?(?:lista|numero)\b|\bno me (?:escriba|textee)n?(?: mas)?\b|\bdarme de baja\b|\bden de baja\b|\bbasta de (?:mensajes|textos)\b",
        unless=r"\b(?:no (?:recibi|me llego|vi|tengo)|al trabajo|en la noche|tan (?:temprano|tarde)|mejor (?:llam|por))\b",
        yes=("ya no me mande mensajes", "quíteme de la lista", "no quiero más mensajes", "no me escriba más"),
        no=("no recibi mensajes", "no me mande mensajes al trabajo", "mandeme un mensaje"),
    ),
)  # fmt: skip
