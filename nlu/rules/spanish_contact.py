"""Wrong persons, opt-outs and denied debts in Spanish.

Read by its sound: accents, v and b, z and s, ll and y do not matter.
"""

from nlu.rules.table import Rule

SPANISH_CONTACT = (
    Rule(
        "es-equivocado", "wrong_person", language="es",
        says="""
            numero|persona|telefono|correo|cel|num|contacto|dato|nro equivocado|equivocada|incorrecto|incorrecta|ekivocado|erroneo
            numero|telefono mal|ta_mal $|primo|revisen|ya
            tienen|tiene|tas mal el numero|telefono|num
            tienen el|un telefono|numero|num mal|equivocado|de
            se|te|me equivoco|equivocaron|equivocaste|ekivoco|ekivocaron|confundiste|confundio|confundieron de numero|persona|contacto|d|num|telefono
            < nel|ya|no? se|te equivocaron|equivoco|equivocaste >
            < esta? equivocado|equivocada >
            no soy esa|ese|quien|a_quien|el|la|la_persona|yo|ella|la_senora|el_senor|titular|cliente|la_que|el_que persona|senor|senora|buscan|busca|que|$|y|man|tigre|wey|titular|ni
            no soy NAMED
            no soy el|la senor|senora|don|dona|indicada
            < yo? no soy >
            no soy yo $|es
            < ese? no soy yo >
            yo no soy cliente|ese|esa|quien
            no me llamo NAMED|asi|como
            no es mi nombre $|ni|y
            ni me llamo
            ese nombre no es
            aqui|aki no vive|hay|vivimos|trabaja|esta|conocemos nadie|ningun|ninguna|ese|esa|con|mas|ningunos|NAMED
            no hay nadie|ningun|ninguna con|por|llamado|llamada|NAMED
            nadie se llama|con_ese_nombre
            nadie con|por|de ese|esa nombre
            ya? no vive aqui|aki|en_esta|conmigo
            no conozco|conosco a|al|ni esa|ese|ningun|ninguna|titular|NAMED|nadie
            ni lo|la|los conozco
            no lo|la|los conozco
            este|ese|el|esta numero|telefono|cel|celular|correo|mail|linea|chip ya? no es de|suyo|mio|del|su
            ya no es su|de numero|ella|el|telefono
            ya no tiene|usa este|ese numero|cel|telefono|num
            no usa este
            este|ese numero|telefono|cel|celular|num me_lo_dieron|es_mio|es_de_mi|ahora_es|lo_tenia|es_nuevo|ahora|es_el_mio|acabo|me_lo_dio
            este telefono|cel|celular|numero es|era de mi|un|una|otra|nina|nino|la|mio
            acabo de obtener|comprar|sacar|recibir|agarrar este|el numero|chip|telefono|cel
            compre este telefono|chip|cel
            cambio|cambiaron de numero|fono|telefono
            cambio su numero
            llamando|llamaste|hablan|buscan a|al otro|otra
            mensaje|correo|mensajes|texto para|pertenece|es_para otra|otra_persona|un_tal
            otra persona $|con_el_mismo
            buscan|busca|buscan_ustedes|buscando|quieren a? al|otro|otra|mi|dueno otro|otra|luis|hermano|papa|ex|anterior|dueno
            mismo nombre|apellido pero|y
            tenemos el mismo nombre
            inquilino|dueno de|anterior antes|$
            soy su|el|la hermana|hermano|mama|papa|hija|hijo|roommate|nieta|vecina|vecino|babysitter y|no|el
            el|ella ya se fue y|no
            no es aqui
            aqui no es
            este era el cel|celular|numero|telefono
            ella|el ya no lo|la usa
            marque bien
            ya no labora|trabaja aqui|con|en
            no se quien es|sea NAMED|esa|ese|el|ella
            quien es NAMED
            este es el
            se mudo|cambio ... no_dejo|no_vive|anos
            me siguen llegando mensajes para|de un|una|otra
        """,
        unless="""
            no es numero|un equivocado|numero
            saldo|cargo|monto|factura|cuenta|plan|cantidad equivocado|equivocada
            el|mi numero equivocado en
            no soy yo quien|el_que_tiene|la_que_tiene|el_que_tiene_que|quien_decide
            no soy yo el que
            yo|me equivoque
            cambie|me_cambie|mi_numero_nuevo
            marque|puse|di mal|el
            factura|total
            no soy cliente de
            este es el numero|telefono correcto|mio
            fallecio|murio|muerta|muerto|difunto
            deuda|cargo|firma|cuenta no_es
            carlos slim|bill_gates
            cuenta mal
            la pague|hice_el_pago|pago
            no se equivocaron|equivoco
            soy yo pero
            mejor escriba
            ni la conozco
        """,
        nowhere="""
            fallecio|murio
        """,
        confidence=0.95,
    ),
    Rule(
        "es-no-me-contacten", "cease_contact", language="es",
        says="""
            deje|dejen|dejenme|dejame|dejeme|dejan|degenme|degeme|dejennos|dejenos|deja me|nos|ya|en|n~ paz|pas|tranquilo|tranquila|tranquilos
            me|nos dejen|deje en|n paz|pas
            no|ya_no|nunca|jamas me|nos|quiero|que|se|vuelvan|vuelva|vuelvas|anden|ande|a|mas|les_permito|los_quiero~ contacten|contacte|contactar|contactarme|contactes|molesten|moleste|molestes|molestar|busquen|busque|busques|buscar|comuniquen|comunique|comunicarse|comunicar|buscarme|buscando|hablen $|mas|nunca|jamas|de|por|con|conmigo|ya|otra|en_ninguna|en_ningun|ni|a_mi|x|para_nada|oiga|en_lo
            dejen|deje|paren|parenle|dejar|pare|cesen de|d~ contactarme|molestarme|comunicarse|buscarme|contactar|molestar_a_mi_familia|hostigarme|acosarme
            dejen de llamar|escribir|molestar y|ni|o escribir|llamar|mandar|buscar
            no me llamen|llame|hablen|escriban|escriba ni me? escriban|manden|escriba|texteen|busquen|llamen|toquen|hablen|mensajes|nada|visiten
            no|ya_no llamen|escriban|manden|vuelvan ni escriban|manden|llamen
            ni llamadas|llamada|mensajes|textos|cartas|llamar ni mensajes|textos|cartas|escribir|llamadas
            ni me? llamen ni
            llamen ni les escriban
            no|ya_no|nunca quiero|deseo|voy_a_querer saber|oir|tener|recibir|volver_a_saber nada|mas|de|contacto|comunicacion|comunicaciones|ningun ...
            no quiero|deseo|autorizo|tengo|acepto mas|ningun|ninguna|tipo_de|ningun_tipo_de|tener~ contacto|comunicacion|comunicaciones
            cero contacto
            no mas contacto|comunicacion
            cesen|cese|cesar|terminen|corten|suspendan toda|todo|la|de|cualquier|tipo_de~ comunicacion|contacto|comunicaciones
            prohibido|prohibo contactarme|que
            queda prohibido
            olvidense|olviden de|que mi|existo|que
            desaparezcan|desaparescan|pierdanse|alejense|lárguense|largense
            fuera de mi vida
            vayanse y no
            borren|eliminen ... no me vuelvan|busquen|contacten
            les|revoco|retiro .. permiso|consentimiento ... todo|contacto|cualquier|comunicarse
            no contactar
            por ningun medio
            ninguna|ningun llamada|mensaje|carta mas
            ya sueltenme
            quiero paz no
            no insistan
            me contacten en ningun
            nunca mas en mi|la vida
            quiero no contact
        """,
        unless="""
            en el|mi trabajo|chamba
            al trabajo
            a mi|mis familia|mama|papa|esposa|esposo|vecina|vecinos|jefe|hijos|hijo|suegra|hermana $|por|al
            no me han|ha contactado|llamado
            no|nadie me contacta|contesta|contactaron
            mejor|solo por|al|texto|correo|email|mandenme|escriban
            por favor contacten|contacteme
            antes|despues de las|#
            con mi abogado
            por telefono mejor|solo
            si no
            activado|usuario
            de esta|la|esa deuda
            no es que
            los domingos
            un mes|unos_dias|dias
            tengo contacto con el|ella
            no me hablen de
            carta en la
            el compadre
        """,
        nowhere="""
            mejor|solo|prefiero por|escriban|texto|mandenme|correo|al
        """,
    ),
    Rule(
        "es-no-mas-mensajes", "opt_out", language="es",
        says="""
            no|ya_no|nunca me|nos|quiero|quisiera|deseo|recibir|que|mande|manden|mandes|envie|envien|envies|lleguen|seguir|recibiendo|mas|sus|estos|esos|de|estas|esas|los|ningun|necesito|me_interesan|su|este|mandar|mandarme|tantos~ mensajes|mensajitos|textos|correos|mensaje|texto|msjs|msj|sms|mjs|emails|recordatorios|notificaciones|texts|mensages|mensajs
            dejen|deje|deja|pare|paren|parenle|parale|ya|basta|alto de|con|a|los|sus|d|mandar|mandarme|enviar|enviarme|estos|esos|sus|mas|ya~ mensajes|textos|correos|msjs|msj|sms|emails|mensajitos
            dejen|deje|paren|pare|deja de|d textearme|textear|escribirme|escribir|textiarme|mandarme|mensajearme|texteandome|mandar|llamar|llamarme $|mensajes|textos|msjs|cosas|por|a_este|ya|aqui|tanto_texto|correos|gracias
            quiteme|quitenme|quitame|saqueme|saquenme|sacame|borreme|borrenme|borrame|elimineme|eliminenme|remuevanme|kitenme|kitame|tachenme de|d|la|su|esa|esta|sus|los|ahi|esos|tu|todas|las~ lista|listas|mensajes|textos|ahi|base|sistema|numero
            quite|quiten|saque|saquen|borre|borren|elimine|eliminen|remueva|remuevan|quita|borra mi|este|el numero|telefono|cel|celular|num|contacto|correo
            darme|denme|deme|dame|den|dar|darnos de|d baja
            no|ya_no me? escriba|escriban|escribas|textee|texteen|textees|texteen|texten|mensajeen|textien|escribir $|mas|a_este|por|aqui|ya|por_favor|gracias|otra|nunca
            no me manden|mande|mandes|envien $|mas|nada|textos|ya|mensajes|por
            ya no mandes|manden|mande nada|$|mas|mensajes|textos
            basta de mensajes|textos|correos
            no mas mensajes|textos|msjs|correos|texts|mensajitos|sms
            desuscribir|desuscribanme|desuscribirme|desinscribir|dessuscribir
            cancelar|cancelen|cancele|cancela los|mis|estos|suscripcion|la|los|sus~ mensajes|textos|suscripcion
            como le? hago para que .. no me lleguen
            ya no texteen
            no|me llegan mas
            borrenme|quitenme de
            bloqueen|bloquee mi|este numero
            revoco mi consentimiento para|de textos|mensajes
            opt out de|por|porfa|ya
            hacer|quiero_hacer|dame|denme|hagan opt out
            stop los|con_los|a_los mensajes|textos
            < stop|estop|pare|alto|parar|paren|basta|parale|parenle por|favor|gracias|ya|porfavor|plis|por_favor|con|los|mensajes|textos|de|esto~ >
        """,
        unless="""
            no recibi|recibo|me_llego|vi|tengo|he_recibido|me_llegan|me_ha_llegado|llego|entiendo|leo|puedo
            al|en_el|mi trabajo|chamba
            en la noche
            tan|muy temprano|tarde|seguido
            mejor|solo|prefiero|sino llam*|por|correo|llamenme|llameme|email|hablenme|texto|un
            por correo|telefono mejor
            despues|antes|a_las de|#
            no quiero que me quiten|den|dejen
            no quiero dejar
            no dejen|deje|paren
            cancelar|cancelen|stop .. pago|pagos|debito|servicio|cita
            no|yo_no dije|pedi|mande
            llamenme|llameme
            con tal
            si|cuando|porque no
            como|porque|por_que no me
            jaja ya se
            no quiero opt
            papel|carta|voz|llamadas no|ni
            mensajes|texto si
            textos y mandenme|llamenme
            de noche
            automaticos
            zumba|clase|gym
            me equivoque
            sigan mandando
            corte
            ni carta
            dame de baja en
            get a manager
            call me
        """,
        nowhere="""
            mejor|prefiero|solo|en_vez llam*|por|correo|email|llamenme|hablen|hablenme|texto|de
            llamenme|llameme|hablenme
            por error|accidente|equivocacion
            del correo|de_emails
            mandenme carta|correo
            texto|mensajes si
            de dia si
        """,
    ),
    Rule(
        "es-no-es-mia", "dispute", language="es",
        says="""
            no es|son mia|mio|mias|mios|mi_deuda|mi_cuenta !el_numero|el_telefono
            no|yo_no|ni les|le|te|lo|la? debo eso|nada|esa|ese|ningun|ni|un|a|esos|tanto|lo
            no debo $|nada|ni
            no le debo a
            no reconozco|reconosco|desconozco esa|esta|ese|este|la|el|ningun|los|dicho deuda|cargo|cuenta|compra|cobro|balance|monto|debito|factura
            desconozco esa|ese|el|la cargo|deuda|cuenta|cobro
            cargo desconocido|indebido
            cobro indebido
            nunca|jamas|no yo? tuve|abri|firme|compre|pedi|ordene|contrate|autorice|saque|tenido|he_tenido|e_tenido|acepte|use !numero
            no firme|autorice|pedi|compre|ordene|acepte|contrate
            disputo|disputar|objeto|impugno esa|esta|la|el|este|ese|deuda|cargo|monto
            monto|cantidad|saldo|balance|total|factura|cargo|bill|cuenta|recibo ... mal|incorrecto|incorrecta|equivocado|equivocada|inflada|inflado|no_es_correcto|no_es_correcta|no_cuadra|no_corresponde|mentira
            me|m estan|siguen|an|han|cobraron|cobran cobrando|cobrado|facturando|de_mas|doble|dos|2 ...
            cobraron de mas|doble|dos_veces|2
            cobrando de mas|doble
            devolvi|regrese|cancele|entregue el|la|los|ese|esa|eso|lo ... cobran|cobrando|debo|facturando|cargo|producto|servicio
            cancele ese|el servicio|contrato
            deuda ya prescribio
            no voy|pienso a pagar algo|eso|una_deuda|lo_que_no
            hay un? error en
            ese|esa no es mio|mia
            no estoy de acuerdo con el|la|ese|esa monto|cargo|saldo|balance|cantidad|deuda|factura
            producto|paquete|pedido|televisor|aparato|plomero nunca|jamas llego|vino|me_llego
        """,
        unless="""
            no reconozco este|ese|el|su numero|telefono|correo|mensaje
            ya pague|lo_pague|la_pague|pagado|esta
            no disputo
            no quiero disputar
            cuanto|que|si|a_quien debo
            firma
            identidad|robaron|usaron|datos|fraude
            nombre|numero|telefono|cel no_es
            no es mi nombre|numero|telefono
            no tuve|compre|pedi tiempo|dinero|comida|ayuda|chance|mandado
            pedi|ordene mensajes|textos|que
            no he tenido|e_tenido dinero|trabajo|tiempo|chamba
            no debo ... ya
            culpa
            nunca tuve problema|problemas
            no acepte ... textos
            es de mi ... pagar
            no hay error
            no digo que
            firman|firmen que
            cancele todo
            cartera|cuelgo
            equivocado yo
            no cancelen
            acuerdo con esa propuesta|eso
            ya no les? debo
            dos fees
            no use
        """,
        confidence=0.95,
    ),
    Rule(
        "es-pruebas", "debt_validation", language="es",
        says="""
            mande|mandeme|mandenme|manden|mandame|envie|envieme|enviarme|enviar|ensene|enseneme|ensenenme|muestre|muestreme|muestrenme|quiero|necesito|ocupo|ver|pido|deme|solicito|tienen|tiene|demuestre|hay|donde_esta|kiero|favor_de_enviar ... contrato|pruebas|prueba|comprobante|comprobantes|documento|documentos|desglose|evidencia|papeles|papel|validacion|verificacion|itemized|factura_original|historial|copia|judgment|sentencia
            pruebas|prueba|comprobante|comprobantes de|que|de_que la|esta|esa|deuda|debo|es
            validacion|verificacion de|por|primero la|esta|deuda|escrito|$
            validar|validen|verificar|verifiquen la|esta|esa deuda
            < evidencia|papeles|pruebas|comprobante|comprobantes|validar|documentos|pruebenlo|demuestrelo|demuestralo|itemized por|favor|de_la|deuda|gracias~ >
            quien es el acreedor|dueno
            acreedor original
            para|pa|a_nombre_de quien|kien trabaja|trabajan|cobran|cobra
            de|en parte|nombre|representacion de quien|que cobran|banco|me_escriben|cobra|empresa
            de donde sale|salio|viene|sacan esa|esta|este|ese|eso|el|la deuda|total|monto|cuenta|cantidad|cobro
            que cuenta|deuda|compra|tienda|hospital|prestamo es|era|fue esa|esta|eso|ese|esta_deuda
            a quien le debo
            con que derecho
            quien les? vendio|contrato|dio mi|la|ustedes|a|$
            compraron mi|esta|la cuenta|deuda
            donde firme
            con mi firma
            papel|papeles con|sin eso
            cadena de titularidad
            papelito habla
            como se que es? esa|la|es|mia|mio
            numero de licencia
            de que es esta|esa|la|exactamente_esta ... deuda|cuenta
            mande|mandeme|mandenme|quiero por escrito lo|la|el que|deuda|detalle
        """,
        unless="""
            tengo|tienen|mando|mande|mandar|envio|envie|les_mando|adjunto|ya ... mi|el|la|los|mis comprobante|recibo|prueba|pruebas de|del pago
            comprobante|prueba|recibo de|del|que? pago|pague
            les|le mando|mande|envie|puedo_mandar|mandare
            policia|fraude|robo|defuncion
            estafa|real|scam
            papeles de|del migracion|la_corte|divorcio|inmigracion
            sin papeles
            no tengo
            contrato de renta|trabajo
            pido descuento
            inbox
            usando mis
            todos mis papeles
            ayuda legal
            no ocupo|pido|necesito que|documentos|pruebas
            en papel|no_textos
            ya|les|le mande|mandado|envie|mandamos
        """,
        nowhere="""
            les|le mando|mande|mandare|enseno el|la|mi|los
            ya pague
            sin papeles
        """,
        confidence=0.95,
    ),
)  # fmt: skip
