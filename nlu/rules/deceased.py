"""The customer has died.

A death in the family of a customer who speaks of themselves is no such message: who needs time,
cannot cope or has a bill in their own name is alive.
"""

from nlu.rules.table import Rule

DECEASED = (
    Rule(
        "deceased", "deceased",
        says="""
            deceased|decesed|diseased_customer|deceasd
            < rip >
            < died|dead|passed >
            < HE? has? passed|past >
            HE|who|they|who_has|who_had is|was|has|have|had|been|just|sadly|did|also|already|recently|now|both? died|dead
            HE|who|they has|have|had|is|sadly|just|also|unfortunately|already|recently passed|past away|on|over|WHEN
            HE|who|they has|have|had|sadly|just|also|unfortunately|already|recently? died|passed_away|passed_on|past_away|expired_in|dyed
            HE passed WHEN|$
            HE is|has gone $
            HE is no_longer with_us|alive|living|here_with_us
            HE is not with us any_more|no_more|now|$
            HE is not|no_longer alive|living
            HE been dead
            HE has been dead
            not alive any_more|now|$
            the|this|your|that|my|our PERSON ... died|dead|deceased|passed_away|passed_on|passed
            PERSON died|passed|dead|has_died|is_dead|sadly_died|has_passed
            PERSON you ... died|dead
            mr|mrs|ms|miss .. died|passed|dead|deceased
            my|our|his|her|me|dear|late? own|dear|poor|elderly|late|best|old? FAMILY|FAMILYS has|have|had|is|just|sadly|suddenly|also|recently? died|dead|passed|past|deceased|gone_and|dyed WHEN|and|so|$|but|please|of|you|i|peacefully|away|on|from
            my|our FAMILY who|whose|the|that|which ... died|dead|passed|deceased
            < sorry? but? FAMILY|FAMILYS .. died|dead|passed_away|passed|gone|past_away
            HE died|passed|dead|expired
            died WHEN
            passed|past away|on WHEN|$|from|so|please|and|bless|peacefully
            passed in|last MONTH|week|month|year|weekend|night|#
            HE died
            died in|of|at|from|on|intestate|before|owing|last|yesterday|back|with|a|broke
            HE|FAMILY|who was killed|murdered
            lost|loses|lose his|her|their life|battle|fight
            took|taken his|her|their own? life
            HE|FAMILY committed|died_by suicide
            HE|who did not make|survive it|the
            buried|cremated him|her|them
            we|i lost|buried|cremated him|her
            we|i just? lost .. dad|mum|mom|father|mother|him|her in|on|to|last|this|at|$|WHEN
            lost my|our FAMILY ... account|his|hers|phone
            HE|FAMILY popped his|her|their clogs
            HE kicked the bucket
            kicked the bucket
            popped his|her clogs
            six|6 feet|foot under
            gone|went to|home_to|home .. be? .. with? .. lord|glory|god|heaven|jesus|angels
            in heaven now
            with the angels|lord now|$|#
            went home to
            HE is|was|are in|at .. cemetery|graveyard|heaven
            cemetery|headstone|ouija|gravestone|crematorium|medium_to
            the funeral was|is|last
            obituary|obit
            death certificate|certificates|cert|certs|certficate
            executor|executrix|executors
            administrator|administering|administer of|her|his|the|my .. estate|affairs
            handling|settling|sorting|dealing .. his|her|my|the|with|out estate|affairs
            his|her|their|the late|deceased estate is|was|has|paid|to|in|had|of
            the estate of|is|has|lawyer|will
            estate of
            there is no|not_any estate
            next_of_kin of
            my|our|her|his late FAMILY|FAMILYS
            < late FAMILY|FAMILYS
            is|this|as|im|am|her|his|the i|the|his|her|a? widow|widower
            < widow|widower
            widow|widower here
            tell_us_once
            bereavement team|department|dept|line|centre
            registered|register the|her|his death
            debt|debts|bill|account die with him|her|them
            dead man|woman|person|mans|womans|persons|guy|customer|people
            to|for|from|my|our|of? dead FAMILY|FAMILYS
            after my|our FAMILYS death
            parents are gone|dead
            rest in peace
            rip .. FAMILY|HE|him|her
            god rest|bless his|her|him soul|$
            your customer|client died|is_dead|has_died|passed|has_passed
            decedent|decedents|dod
            is|was|been dead $
            found|discovered him|her dead
            no_longer with_us|alive|living
            dead since|for # ..
            < dead since|for|#
            passed|past away|on $
            probate is|not|granted|applied|lawyer|solicitor|court|has|$
            in|for|through|with|has probate
            seeking|applied_for|getting probate
            probate .. sought|applied
            coroner has|office|report
            FAMILY|FAMILYS died|passed|passed_away|past_away|is_dead|has_died|has_passed|been_dead !the|my|out|it|his_driving|her_driving|down|me|to
            mum|mom|dad|mam|gran|nan|grandad|grandma|grandpa|husband|wife has? gone|is_gone $
            heart_attack and did not
            covid|cancer took him|her|them
            killed in|at a? car|motorbike|motorcycle|crash|accident|work|service|iraq|afghanistan|afghan|combat|fire
            had|has sadly? passed|past !the|my|his|it|by|due
            been gone # months|years|weeks
            HE|he_is|she_is|he_has|she_has been dead longer|since|for|over|#|two|three|six|$
            < we lost FAMILY $
            lost him|her in|to|at
            HE crossed over
            mrs|mr|miss .. passed|died
            < HE is gone $
            when you are dead
            HE will not be .. HE is|has? dead|died|passed
            passed away from|of
            HE is|has|was passed !the|my|out|it|by|due
            his|her funeral is|was
            HE died WHEN|$|owing|from|of|and|so
            funeral was|is last|next ... not
            FAMILY is|has? passed
            late FAMILY !was|used|in_law
            customers|clients|borrowers|tenants dead|died|passed
            FAMILY|husband|wife ... passed on the #
            he|she died broke
            mrs|mr|miss|ms .. died|passed|dead
            lost my wife|husband|mum|mom|dad|father|mother|son|daughter . account|the_account|it_was|this_was
            FAMILYS death means
            HE|FAMILY is no more
            the|sad death|passing of my|our FAMILY
            FAMILY HE pass|passed|die|died|has_died|is_no_more
            FAMILY|lady|man die|passes in|last|on|before
            FAMILY is? die|expired
            funeral is? friday|saturday|monday|tuesday|wednesday|thursday|was|next
            at his|her funeral
            in the ground|churchyard since|from|plot|$
            heart gave out|stopped
            already buried
            buried|bury|scattered him|her|saturday
            ashes
            departed this life
            fell asleep in the lord
            is|was buried at|in|on
            NAMED died|is_dead|has_died|is_deceased|has_passed
            NAMED got|was killed|shot
            late mr|mrs|ms|miss *
            personal representative
            not with us any_more|anymore
        """,
        unless="""
            if|when|until|unless|till i|you|we .. die|died|dead|pass|passed
            phone|battery|car|laptop|truck|van|boiler|engine|computer|fridge|cell|tv|dog|cat|pet|hamster|fish|horse|washer|transmission|heater|machine|signal|line|charger|alternator|puppy|motor|bike|tablet|link|website|internet|wifi|app is|was|has|had|just|finally|nearly|completely|went|been|there|its|his|her? died|dead|passed|dying|dies
            dead|died phone|battery|car|end|line|beat|serious|broke|set|wrong|tired|in_the_water|on_my_feet|link|signal|zone|weight|asleep|laughing
            almost|nearly|about|practically|near|half|already_half dead|died|killed|dying
            killed|killing|kills me|us|my
            i am|was|will|would|be|were|wish dead
            better_off|rather|be|worth_more|wish|wanna_be|want_to_be|drop|play|left_for|over_my|knock dead
            over my dead
            dead to me
            inspection|exam|test|driving_test|deadline|due_date|application|mot
            real|council|housing|industrial|sink estate
            estate agent|agents|car|sale|manager|office
            accountant|teacher|always_said|used_to|taught|warned|raised|would_be|would_have
            not|never|no_one|isnt|nobody died|dead|deceased|a_widow|executor
            my|our|the|your .. love|romance|sex|career|deal|dream|social_life died|dead
            did not die
            as dead as
            hope|wish|want|wanted you|he|she|they|your|we
            funeral|funerals .. costs|home|director|plan|parlour|cover|bill|expenses
            passed|pass .. message|details|info|number|letter
            sheep|cow|goldfish|plant|parrot|bird|rabbit|budgie
            brain dead
            dead inside
            walking dead
            bored|scared|frightened|worried to death
            dead_good|dead_sorry|dead_busy|dead_easy|dead_slow|dead_skint|dead_on
            lost_my_job
            estate_sale
            since my|our|HE ... died|passed
            since HE|FAMILY died|passed|has_passed
            his|her|my premium
            paid from my late
            shouldve|should_have|have died
            died inside|a_death|a_bit
            page|screen|check|cheque|payment|app|business|team|starter|money died|dead
            deceased in|on last|the episode|show
            thank|thanks|cheers for
            gone into|up|to_hospital|to_work|quiet|mad|home_to_cook|on_holiday|off|out
            bankruptcy|trustee|official_receiver
            HE did not make it|the to|in_time|payment
            god bless
            phone|phones|mobile|mobiles|cells|batterys is|are|has|have|been dead|been_dead|died|dying
            my|our late .. was|used
            worth more
            passed|past the|my|his|her|it|this|that|out|by|due|inspection|me|you|on_my|on_your|on_this|on_to|your|down|an|all|around|a
            team|episode|show
            my twin|friend|mate got killed
            mobiles|hearing|hearings
            what|how ... about|from my late
            premium|bonds|caravan
            late|my mother|father in_law
            rip my phone
            prince
            is not my problem
            eastenders|greys|spoil|spoilers|episode
            has gone|it_gone|shows ... landed
            over and done
            sight|hearing|eyesight
            lawn|mower|transmission
            nobody|no_one here is deceased
            capital gains
            that is dead
            late husband|wife paid
            shows it gone
            funeral is|was friday|saturday|monday|tuesday|wednesday|thursday .. i
            go|be with * in
            mum|mom|dad just? died $|tuesday|today|sunday|yesterday
            se murio
        """,
        nowhere="""
            can not|hardly cope|deal|think|face|function|stop|open|work|sleep|concentrate|focus|get_out !with_his|with_her|him|her
            struggling|grieving|coping|heartbroken|devastated|distraught
            in bits|pieces|shock|a_mess|a_state|a_fog|mourning
            a mess|wreck
            my own bill|account|one|debt|bills
            own account
            in my name
            not .. opened|open|able
            need|want|give|have ... time|weeks|month|extension
            can|could this|it|you .. wait|give
            hold fire|off
            i|we will pay ...
            grant|awaiting|eight_weeks
            pension stopped|gone
            want to go|follow|be with|her|him
            pray to
            nothing in me
            we were late
            not on the account
            not me
            official_receiver
            stopping the letters
            final settlement
            i will clear
            nothing to live for
            join her|him
            check last
            mind is not
            we do not own a
            i have never owned
            lost my|our dad|mum|mom|father|mother|son|daughter ... funeral
            cant|can_not do this
        """,
    ),
)  # fmt: skip
