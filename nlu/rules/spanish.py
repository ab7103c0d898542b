"""Self-harm, death, insolvency, representation and fraud in Spanish.

Read by its sound: accents, v and b, z and s, ll and y do not matter.
"""

from nlu.rules.table import Rule

SPANISH = (
    Rule(
        "es-autolesion", "self_harm_risk", language="es",
        says="""
            me quiero|quisiera|voy_a|dan_ganas_de|pienso|pensado|van_a_hacer morir|matar|suicidar|colgar|ahorcar|quitar
            m quiero morir|matar
            quiero|quisiera|prefiero|mejor|deseo morir|morirme|muero|matarme|estar_muerto|estar_muerta|morime
            mejor me muero|mato
            quiero que todo termine|acabe
            matarme|suicidarme|ahorcarme|colgarme|quitarme_la_vida|cortarme_las_venas
            acabar|terminar con mi vida|conmigo|todo
            quitar|quite|quito la|mi vida
            hacerme dano|algo
            haciendo dano
            ya? no quiero|tengo_ganas_de|puedo|aguanto vivir|seguir_viviendo|seguir|existir|esta_vida|estar_aqui|despertar
            no quiero estar aqui|vivo|viva
            no quiero vivir|despertar|seguir_viviendo|existir|seguir
            no vale la pena vivir|seguir_viviendo
            razon|ganas|motivo|sentido|pa_que|para_que|sirve de|para|a|pa vivir|seguir|seguir_viviendo|seguir_viva|existir
            pa|para que vivir|seguir|sigo
            ganas de vivir|matarme|morirme|morir
            sin ganas de vivir
            me canse de vivir
            cansado|cansada|harto|harta de vivir|la_vida|existir
            estarian|estaria|estara|vivirian|vivira mejor|bien sin mi|muerto|muerta|si_yo
            mejor sin|muerta|muerto mi
            mejor muerta|muerto $
            si yo no existiera
            sin mi vivirian|estarian
            tirarme|aventarme|lanzarme|saltar|brincar del|de|al puente|techo|edificio|tren|metro|un
            ojala|quisiera|espero no despertar|despertara|despertarme|amanecer|haber_nacido
            dormir y no despertar
            que me lleve|recoja ...
            dios|diosito me lleve|recoja
            desaparecer de|para este|siempre
            tome|tomo|tomarme|tomar|tengo .. pastillas en|todas|unas|ya|con
            todas las pastillas
            frasco de pastillas
            tengo una? pistola|soga|cuchillo
            la soga|pistola
            no veo salida
            unica salida que veo
            valgo mas muerto|muerta
            me corto los|las
            volvi a cortarme
            quisiera|desearia|kisiera|preferiria estar muerto|muerta
            no soporto estar viva|vivo
            carga para todos|mi_familia
            ya no voy a estar para|aqui|cuando|el
            cuando lean esto
            adios a? todos|mundo|perdonenme
            despedida|despidanme
            diganle|digan a mis|mi hijos|familia|mama ... amo|quiero
            miedo ... hacerme
            mi muerte va|sera
            cobrenle a mi
            no llegar vivo|viva
            se acabe mi|la vida
            seguro de vida se|mi|sale
            irme con el|ella|mi
            estar con mi .. cielo
            hoy no paso
            una locura conmigo
            pensamientos muy|de? oscuros|suicidas|muerte
            acabar conmigo
            suicidio|suicida|suicidarme|suicidar|suicidarse|suicide_yo
            me mato|cuelgo|ahorco|aviento $|y|y_ya|al|en
            con lo del life insurance
        """,
        unless="""
            se|ella|el suicido|mato|quito
            suicido en|hace|el
            no quiero vivir aqui|con|en|asi_de|alla
            no quiero morir|matarme
            muero de|por|del hambre|risa|pena|verguenza|calor|ganas|sueno
            mato|matarme|mata trabajando|trabajo|chambeando
            no me voy a
            no es que|quiera
            el|mi telefono|carro|celular
            seguir pagando|trabajando|hablando|recibiendo|con|en|mandando|esperando|asi_con
            estar aqui esperando|hasta|el|cuando
            casa|renta|vecinos
            terminar con todo|todos este|esta|esto|las
            me quiero quitar|acabar|voy_a_quitar de|el|la_deuda|esto|esta
            ganas de vivir aqui
            tengo muchas ganas
            no me quiero|voy_a morir|matar
            no pienso hacerme
            matar trabajando
            gracias por
            no colgarme
            jaja sali
            foto
            vivir con #|eso|esto|tan|lo
        """,
    ),
    Rule(
        "es-fallecido", "deceased", language="es",
        says="""
            fallecio|fallecida|fallecido|fallesimiento|fallecimiento|falesio|falleciste|fallecieron|falecio
            acta|certificado|partida de defuncion|muerte|difuncion
            defuncion
            death certificate
            difunto|difunta|finado|finada|qepd
            se? murio|murieron $|hace|el|en|de|ayer|la|mi|mama|papa|apenas|antier|este|anoche|ya|y|sin|intestado|que|no|dejen
            ya|el|ella|se|quien|senor|senora|que se? murio
            mi|mis|la|el FAMILIA ... se? murio|murieron|muerto|muerta
            MURIO mi FAMILIA
            esta|estan|salio|es|amanecio|esta_ya muerto|muerta|muertos $|desde|hace|y|por|soy|sigue
            esta muerto|muerta
            descanse|descansa|descanso en paz
            que en paz descansa|descanse
            soy|habla|es la|el? viuda|viudo
            la|su viuda le|la|de
            lo|la|los enterramos|velamos|sepultamos|enterraron|cremamos
            ya no esta con|entre nosotros|este_mundo
            perdio la batalla|vida
            perdimos|perdi a mi|nuestro|nuestra FAMILIA ... cuenta|era|nombre
            paso a mejor vida
            dios|cristo|el_senor se? lo|la|los llevo|llamo|tiene|tenga
            se lo|la llevo dios|el_senor|el_covid|el_cancer|la
            esta|partio con dios|el_senor|diosito
            en el|al cielo ... ya? murio
            se nos fue|adelanto
            partio con el senor
            colgo los tenis
            estiro la pata
            se petateo
            bajo tierra
            albacea|sucesion
            no sobrevivio
            lo|la mataron|atropellaron|asesinaron
            le mataron
            los muertos no pagan
            muerto desde|hace
            meses|anos de muerto|muerta
            he|she passed|died away
            se quito la vida
            se suicido
            estamos de luto por
            son puras cenizas
            estate de mi
            velorio del|de_mi|de_la|de_el
            en el panteon|cementerio
            la funeraria
            acabamos de enterrar a mi jefita|jefito|mama|papa|esposo
        """,
        unless="""
            telefono|carro|coche|bateria|perro|gato|celular|laptop|computadora|troca|motor|internet|pila|refri|lavadora|negocio|tele|computador|mascota|perrito|perrita|gatito|medidor
            muerto|muerta|murio|muertos de|del hambre|cansancio|risa|miedo|sueno|frio|pena|verguenza
            me quiero|quisiera
            voy|quiero|mejor a? morir|muero
            hasta que|despues_de me
            si|cuando me muero|muera
            no|nadie se? murio|fallecio|ha|esta_muerto|esta_muerta
            no esta muerto|muerta
            deuda|bancarrota murio
            no soy
            yo estoy|estar muerto|muerta
            que en paz descanse|descansen_mis ... dinero|cartera
            funeraria me|del
            decia|deudas_se_pagan
            ya esta muerta esa deuda
            la vaca
            entierro de mi primo
            esta|sigue muy? grave
            por mi propia
            mejor amiga|amigo
            murio debiendo
            paz descanse no
            soy viudo|viuda desde
        """,
        nowhere="""
            no puedo con|ni|pensar|dormir|mas|salir|concentrarme|funcionar
            denme|deme|necesito|ocupo tiempo|unas|un|mas
            le|les pago|pagare|voy_a_pagar|mando ...
            quiero|irme ir|irme|con
            estoy|ando mal|destrozado|destrozada|deprimida|deprimido|en_shock|devastada|devastado
            mi propia cuenta|deuda
            mi|su pension
            luto ... prorroga|semanas|meses|dias
            deposito|depositare|abono|pague
            es|en la mia|mio
            soy la titular
            plazo
            no tengo cabeza
            y quede|quedo sin
            se me murio
            no duermo
        """,
    ),
    Rule(
        "es-quiebra", "bankruptcy", language="es",
        says="""
            bancarrota|bancarota|bankarrota
            quiebra|quiebras
            insolvente|insolvencia
            dieron|salto|llego el discharge
            sindico
            descargada|descargo|descargado|descargadas por|esa|la|la_corte
            corte|juez|jueza ... descargo|libero|descargado|borro
            reunion de acreedores
            341
            lista de acreedores
            stay automatico
            me aprobo|aprobaron el 13|7
            meti|radique|someti|hice|hise|file|filing|presente .. capitulo|peticion|bk
            ya presente mi peticion
            capitulo|cap 7|13|11|siete|trece|once
            del 13|7 al
            el 7|13 me|lo
            de|mi|tengo|hise|hice|file|meti|metio bankruptcy|bankrupcy|bankrup|chapter
            en chapter
            pago|hablen|con|por|medio del|al|el trustee
        """,
        unless="""
            no|nunca|ni|sin|tampoco voy_a|hice|meti|quiero|quisiera|toy|estoy|he|me|la|meter|hicimos|llegar|hacer|a|en|estar|declarar|declarado|declararme|declarando|caer|caigo|ando|llegue|fui~ bancarrota|quiebra|bankrupt|bankruptcy|capitulo|chapter
            para|pa|evitar|evito|antes|si|casi|puedo|podria|mejor|quisiera|preferiria|miedo|cerca|borde|hasta|asusta ... bancarrota|quiebra|bankruptcy|capitulo|chapter
            bancarrota|quiebra no hicimos
            su|la compania|tienda|empresa|banco ... quiebra|quebro|bancarrota
            me|nos|va van_a|va_a|lleva|llevan|llevar|tiene|tienen|hacer|mandar|dejar|dejo|deja ... quiebra|bancarrota
            capitulo|capitulos # de|del|la
            novela|serie|temporada|netflix|pelicula
            que|como es|se|puedo|hago|funciona .. bancarrota|quiebra ?
            a un paso
            no es bancarrota
            quiebra el|la|los|las
            pregunta
            se va|fue a quiebra el|mi_patron
            corazon
            no pienso|he_pensado|yo_no_he|he_metido ...
            mi patron|jefe|trabajo
            banco ... quebro
            monopoly
            la pague|pago el 13|7
            yo no he
            boat
            la bancarrota no
        """,
    ),
    Rule(
        "es-abogado", "attorney_represented", language="es",
        says="""
            mi|tengo|contrate|con|hable|hablen|llame|llamen|contacte|contacten|comuniquese|comuniquense|pregunte|preguntele|pregunten|medio_de|traves_de|manos_de|por|todo_con|a_mi|con_mi|hay|puse|asigno|dirijase|dirijanse|puso|contactar|al a|con|al|mi|un|una|el|la|de|por|ya|nuestro|nuestra~ abogado|abogada|abgado|avogado|licenciado|licenciada|lic|lcdo|lcda|bufete|apoderado
            < abogado|abogada >
            ABOGADO lleva|llevan|maneja|se_encarga|se_hace_cargo|esta|dice|dijo|me_dijo|los_va|les_va|ve|lo_ve|lo_esta|atiende|atendera|contesto|tiene|les_mando|va|arregla|los_atiende
            representante legal
            me|nos representa|representan|defiende
            estoy|esta|soy representado|representada
            carta de representacion
            otorgado representacion
            bufete
            legal aid|ayuda_legal
            clinica legal
            oficina de abogados
            mi consejero|asesor|gestor|consejera|counselor de|legal|deudas
            debt counselor
            consejero de credito|deudas
            programa|plan|compania|companias|firma de alivio|manejo|consolidacion|deudas|consolidar de? deudas|deuda
            alivio|manejo|consolidacion de deudas|deuda
            con ADVISER
            consumer credit counseling
            poder notarial
            ellos negocian|tienen_mi_poder
            programa que junta
            mi licenciado|licenciada|lic
            con|los_de|national|freedom ADVISER
            hablen|llamen|tengo|contacten|talk_to mi? lawyer|attorney
            mi lawyer|attorney lleva|le|les|va
        """,
        unless="""
            no tengo|hay|ocupo|necesito|puedo|quiero|soy|hace_falta|me_alcanza ... ABOGADO
            sin abogado|abogada $|y|para
            voy|vamos|tendre|tengo|quiero|necesito|ocupo|debo|deberia|pienso|buscando|busco|busque|consigo|conseguir|contratar|buscar|puedo a|que|por|pensar|un|algun|de? contratar|buscar|conseguir|hablar|llamar|consultar|poner|meter|un|pagar
            si ... abogado|abogada
            su|sus|tu abogado|abogada|abogados|licenciado
            primo|amigo|compadre|vecino|cunado es? abogado
            abogado de la tele|migracion|inmigracion
            soy|es abogado
            licencia|licenciatura
            como que|un
            mi abogado favorito
            hagan|hable|les pago
            bancarrota con
            pagar|pague|pagando .. abogado
            abogado es mi compadre|primo|amigo
            mi licenciada es
            el abogado dice que pague
            abogado|abogada|licenciado no|ni|digo
            abogado de ustedes|oficio|migracion|inmigracion
            abogada|abogado del caso de violencia
            mi oficina de
            maestra
            primo el abogado
        """,
    ),
    Rule(
        "es-robo-de-identidad", "identity_theft", language="es",
        says="""
            robo|robaron|robado|robada|rovaron|robar|roban|suplantacion|suplantaron|usurpacion de|mi|la|los|mis|el|me|d~ identidad|datos|info|informacion|social|id|idntidad|seguro_social|numero_de
            me suplantaron|hackearon|jackearon|jaquearon|clonaron|jackiaron|timaron $|la|el|y|mi
            clonaron|hackearon|clonada mi|la|una|tarjeta|cuenta
            victima de un? fraude|robo|estafa|suplantacion
            < fraude|victima >
            cuenta|cuentas|credito fraudulenta|fraudulentas|fraudulentamente|falsa
            fue|hicieron|me_hicieron|eso_fue|reporte_de|reportar|afidavit_de|reportado un? fraude
            alguien|ex|primo|hermano|hermana|mama|papa|otra_persona|ladron|sobrino|roomate|roommate|patron|novio|cunado|madre|hijo|prima|vecino|alguien_mas|tipo|mujer|enfermera|hacker|persona ... uso|usando|usaba|usa|abrio|saco|aplico|pidio|firmo|puso|metio|hizo|dio|compro|utilizo|agarro ... nombre|datos|identidad|social|seguro|info|informacion|documentos|papeles|tarjeta|tarjetas|id
            usaron|usando|utilizaron|uso|uzo|usan mi|mis|el nombre|seguro|social|identidad|info|informacion|datos|licencia|id|ssn|documentos|papeles|tarjeta_de
            falsificaron|falsifico|falsifica mi|mis|la firma|papeles|documentos|nombre
            no es mi firma
            se hizo|hicieron pasar por
            abrieron|sacaron|abrio|compraron|sacaron_un|abrieron_una ... con|a|en|usando mi|mis nombre|datos|social|info|identidad|seguro|cuenta
            a mi nombre sin
            con mi nombre en
            sin que yo supiera
            police report
            denuncia por robo
            reporte de|del fraude|robo|policia
            quien me robo
            estafaron con mi
            dieron mi nombre
            usaba mi social
            me estafaron y
            hizo un fraude con
            se metieron a mi
        """,
        unless="""
            es|sera|parece|huele|suena|como|seguro|ustedes|son|esto|no un|una|que|se|a|es|esto~ fraude|estafa|fraudes ?
            esto es|parece un|una|puro? fraude|estafa
            ustedes|son|ustedes_son un|unos|puro? fraude|fraudes|fraudulentos|estafadores
            no|nadie es|me|hubo|le|fue|robaron|robo|uso|usaron un|una|ni|nada|de|la|mi|mis|es|nombre~ fraude|identidad|robo|robaron|datos|uso|usaron
            mensaje|texto|numero|link|llamada|pagina .. fraude|fraudulento|estafa|fraudulenta
            robaron el|la|mi carro|troca|bici|celular|moto|herramienta|herramientas|telefono
            suena a
            con mi permiso
            quien eres
            banco ... bloqueo|congelo
            netflix|serie
            y la nueva llega
            la nueva|otra_tarjeta
            no|nadie uso|usaron|robo mi|la
        """,
        nowhere="""
            esto es una? fraude|estafa ?
        """,
    ),
)  # fmt: skip
