"""Word lists of eight languages that tell which full stops end a sentence.

Each language has its own lists, because an abbreviation of one language is a word of another:
"ten." is a lieutenant in Italian. Abbreviations are written without the last full stop, and without
spaces between their parts: "p.ex" stands for "p.ex." and "p. ex." alike. An entry with a capital
matches only with that capital ("Mass. Gov. Lee", but "a mass."). An abbreviation that usually ends
a sentence before a capital ("etc.") is not listed.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Language:
    # Frequent words, from which the language of a text is recognised.
    frequent: frozenset[str]
    # Never end a sentence.
    titles: frozenset[str]
    # End a sentence only before a word of `openers`.
    abbreviations: frozenset[str]
    # Abbreviations before a number and words elsewhere: "No. 5", "She said no."
    numbered: frozenset[str]
    # Words that usually begin a sentence if they have a capital.
    openers: frozenset[str]
    # Words around a number with a full stop that show that it is an ordinal.
    before_ordinal: frozenset[str]
    after_ordinal: frozenset[str]


# Names in every language's news have these.
_EVERYWHERE = {
    "titles": "dr prof mr mrs ms vs",
    "abbreviations": "inc corp co ltd bros plc jr sr cf St",
}


def _language(**lists: str) -> Language:
    return Language(
        **{
            field.name: frozenset(
                (lists.get(field.name, "") + " " + _EVERYWHERE.get(field.name, "")).split()
            )
            for field in fields(Language)
        }
    )


_ENGLISH = _language(
    frequent="the of and to in is that was for on with as by at from has have it he said are were"
    " be this his her not its will who which they an",
    titles="mx messrs mmes Sen Sens Rep Reps Gov Govs Gen Lt Col Sgt Capt Cmdr Cdr Cpl Pvt Pfc Spc"
    " Maj Adm Brig Ens Rev Hon Fr Msgr Pres Supt Amb Det Insp Atty Attys Asst Assoc Dep Dir Dist"
    " Treas Ret Ofc Sec Secs Rt Ald Bp Abp Mt Ft e.g i.e viz approx",
    abbreviations="est ca st ave blvd rd hwy esq dept assn univ intl mfg pty Cos W.Va Ala Ariz Ark"
    " Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Me Mass Mich Minn Miss Mo Mont Neb Nev Okla"
    " Ore Pa Penn Tenn Tex Vt Va Wash Wis Wyo Ont Que Alta Mon Tue Tues Wed Thu Thur Thurs Fri",
    numbered="no nos art arts fig figs sec sat sun al ch par pp pt vol vols Jan Feb Mar Apr Jun"
    " Jul Aug Sept Sep Oct Nov Dec January February March April May June July August September"
    " October November December",
    openers="the a an in on at by for from with as if it its he she they we i you his her their"
    " our this that these those there here when while where what who why how but and so or yet"
    " however after before since during although though because according some many most no not"
    " now then meanwhile moreover both all one two last earlier later still instead under among"
    " only even another despite until once nobody",
)
_GERMAN = _language(
    frequent="der die das und ist nicht von mit den dem im am zu auf für ein eine einer hat sich"
    " wird auch bei es als sie er wurde seit nach aus des zum zur vom war noch",
    titles="hr hrn fr frl dipl ing med jur phil rer nat habil pfr geb gest gegr hrsg bzw vgl ggf"
    " evtl sog inkl exkl einschl zzgl abzgl insb insbes bes resp mult abt gem bez fa zw präs Nr"
    " Nrn Abs Bd Kap Ziff Hl St",
    abbreviations="ca Mio Mrd Tsd einw proz max min str tel ehem urspr Gebr Jh Jhd Std Sek ff usw"
    " usf Anm Aufl Chr röm kath ev dt engl frz amerik staatl städt stellv Vors lt allg",
    numbered="art fig vol pos abb tab no jan jän feb febr mrz apr jun jul aug sep sept okt nov dez",
    openers="der die das den dem des er sie es wir ich ihr man ein eine einen einem einer in im am"
    " an auf mit nach bei beim von vom zu zum zur für als wenn aber und doch auch nun dann danach"
    " dort hier so wie was wer wo warum seit bis vor über unter durch gegen ohne um zudem außerdem"
    " dennoch trotzdem dabei dazu damit darum deshalb daher jetzt heute gestern morgen später"
    " zuvor laut alle viele einige diese dieser dieses diesen seine sein seinen ihre ihren unser"
    " nur noch nicht kein keine niemand ob obwohl während weil da dagegen allerdings jedoch aus ab"
    " sollte insgesamt bereits schon erst dies rund etwa",
    before_ordinal="am im der die das dem den des vom zum zur beim ins ans ein eine einem einen"
    " einer eines jeder jede jedes jeden jedem kein keine keinen sein seine seinen seinem seiner"
    " seines ihr ihre ihren ihrem ihrer ihres unser unsere unserem unserer dieser diese dieses"
    " diesem diesen fürs aufs ab",
    after_ordinal="januar jänner februar märz april mai juni juli august september oktober"
    " november dezember jan feb mrz apr jun jul aug sep sept okt nov dez jahrhundert jahrhunderts"
    " jh quartal geburtstag liga bundesliga sinfonie symphonie stock etage klasse weltkrieg"
    " weltkriegs runde spieltag minute auflage jahrestag todestag kapitel kongress parteitag"
    " bezirk fc sc sv tsv armee division lesung etappe semester halbjahr mal grad senat"
    " strafkammer zivilkammer instanz staffel folge ausgabe",
)
_FRENCH = _language(
    frequent="le la les des et est du une un dans que qui pour sur au par pas avec il elle été"
    " sont ne se ce aux ont cette selon en",
    titles="MM mme mmes mlle mlles mgr Me Mes drs Pr Ste vve p.ex env chap éd av bd bld boul rte"
    " resp dép Gal Cdt Cne Lt Col Adj St",
    abbreviations="cie apr hab tél max min éts ets",
    numbered="no nos art pp fig al vol ch janv févr avr juil sept oct nov déc",
    openers="le la les l un une des du de il elle ils elles on nous vous je ce cette ces cet c en"
    " dans à au aux sur pour par avec sans mais et ou où or donc car si quand comme après avant"
    " depuis pendant selon son sa ses leur leurs notre nos qui que quoi pourquoi comment toutefois"
    " cependant ainsi alors aussi puis ensuite enfin hier demain tout tous toutes plus rien"
    " personne aucun certains plusieurs malgré chez entre dès lors jamais",
)
_SPANISH = _language(
    frequent="el la los las de que y en del un una por con no se su para es al lo más fue como sus",
    titles="sr sra srta sres sras srtas dres dra dras dña excmo excma ilmo ilma mons gral cnel tte"
    " sgto lic licda ing arq profa sto sta hnos hno hna núm núms pág págs p.ej v.gr av avda avd"
    " ctra pza gob dip sen mtro mtra almte pdte vicepdte Bs cmdte",
    abbreviations="cía dpto depto ud uds vd vds aprox máx mín tel hab izq dcha esq",
    numbered="art arts no nos fig cap pp párr sec vol ene febr abr jun jul ago sept oct nov dic",
    openers="el la los las un una unos unas lo en de del al a por para con sin sobre según tras"
    " desde hasta entre durante ante bajo pero y o e ni si cuando como donde aunque porque"
    " mientras además también tampoco no ya así entonces luego después antes ahora hoy ayer mañana"
    " este esta estos estas ese esa esos esas esto eso aquel su sus nuestro él ella ellos ellas yo"
    " nosotros se le les hay es fue era son qué quién cómo cuándo dónde todo todos muchos algunos"
    " nadie nada ambos cada otro otra otros allí aquí solo más",
)
_ITALIAN = _language(
    frequent="il lo gli di che e è un una per del della dei al alla con non si sono ha nel da le i"
    " la in dal delle anche come",
    titles="sig sig.ra sig.na sigg dott dott.ssa dr.ssa prof.ssa proff avv ing arch geom rag on"
    " sen gen col cap ten magg mons spett gent egr cav comm es p.es ad.es cfr pag pagg artt lett"
    " num p.zza p.le v.le c.so Ecc St",
    abbreviations="ca tel mld mln cd c.d F.lli",
    numbered="no art fig tab sec pp vol par nn feb mar apr mag giu lug ago ott nov dic",
    openers="il lo la i gli le l un uno una in nel nella a al alla da dal di del della su sul con"
    " per tra fra ma e o se quando come dove anche non più poi dopo prima oggi ieri domani ora"
    " così infatti inoltre tuttavia però secondo questo questa questi queste quello quella egli"
    " ella lui lei loro noi voi io si è c sono era suo sua suoi chi che cosa perché mentre ancora"
    " tutti molti alcuni nessuno nonostante entrambi ogni già solo",
)
_DUTCH = _language(
    frequent="de het een van en is dat op te in zijn voor met niet aan er om ook bij naar uit"
    " wordt hij ze was heeft door over nog",
    titles="dhr mevr mw mej drs ir ing ds bijv nr nrs blz bldz vgl resp zgn incl excl jhr jkvr wed"
    " geb Lt kol gen kapt St",
    abbreviations="bv ca plm max min gem mln mld tel afd jl Chr",
    numbered="art no fig pp pag vol jan feb mrt apr jun jul aug sep sept okt nov dec",
    openers="de het een dat dit die deze er hij zij ze wij we ik u jullie in op aan met voor van"
    " bij naar na om uit door over tegen tijdens sinds volgens maar en of dus toch ook nog nu toen"
    " dan daar hier zo als wanneer omdat hoewel terwijl daarom daarna later eerder vandaag"
    " gisteren morgen wie wat waar waarom hoe zijn haar hun ons onze niet geen niemand alle veel"
    " sommige alleen intussen bovendien echter beide elk",
)
_PORTUGUESE = _language(
    frequent="o os as do da dos das de que e em um uma não para com por na se foi ao é são à mais"
    " pelo pela seu sua no nas",
    titles="sr sra srs sras srta dra drs dras profa profs eng enga exmo exma ilmo gen gal cel cap"
    " maj ten sgt dep sen gov min des apto v.exa sto sta p.ex pág págs av núm séc pe mons arq",
    abbreviations="cia ltda lda aprox máx mín tel hab",
    numbered="no nos art arts fig pp vol jan fev mar abr mai jun jul ago set out nov dez",
    openers="o a os as um uma uns umas no na nos nas em de do da dos das ao à aos por pelo pela"
    " para com sem sobre segundo após desde até entre durante mas e ou se quando como onde embora"
    " porque enquanto além também não já assim então depois antes agora hoje ontem amanhã este"
    " esta estes estas esse essa esses essas isto isso aquele ele ela eles elas eu nós você vocês"
    " seu sua seus suas há é foi era são que quem todos muitos alguns ninguém nada ambos cada"
    " outro só mais",
)
_RUSSIAN = _language(
    frequent="и в на не что с по это из к у для как был за от он она его мы но до при о со",
    titles="ул пл пр-т просп наб бул ш ср напр т.е т.к т.н т.о табл гл д-р проф акад доц ген подп"
    " лейт г-н г-жа корп зав зам тов св канд обл р-н пос дер",
    abbreviations="им пер полк кап ст см стр г гг в вв тыс млн млрд трлн н.э кв ок нач кон оз мин"
    " сек тел ред изд авт гос",
    # "и т. д." ends a sentence before a capital.
    numbered="рис руб долл т.д т.п янв фев февр апр авг сент окт нояб дек",
    openers="в во на по с со к о об от до за из для при у без под над между через после перед он"
    " она они оно мы я вы ты это этот эта эти но а и или однако также как что кто когда где если"
    " хотя пока потому поэтому кроме тем так там тут здесь все всё его её ее их сейчас теперь"
    " затем потом позже ранее раньше вчера сегодня завтра наш свой не нет ни уже ещё еще только"
    " лишь более многие некоторые никто ничего каждый оба зачем почему сам",
)
LANGUAGES = (
    _ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH, _PORTUGUESE, _RUSSIAN,
)  # fmt: skip
# The lists of all languages together, for a text whose language is not recognised.
ANY = Language(
    **{
        field.name: frozenset().union(*(getattr(each, field.name) for each in LANGUAGES))
        for field in fields(Language)
    }
)


def language_of(text: str) -> Language:
    """The language of most frequent words in `text`; `ANY` if there are fewer than two or a tie."""
    words = set(text.lower().split())
    counts = [(len(words & each.frequent), each) for each in LANGUAGES]
    best = max(count for count, _ in counts)
    likely = [each for count, each in counts if count == best]
    return likely[0] if best >= 2 and len(likely) == 1 else ANY
