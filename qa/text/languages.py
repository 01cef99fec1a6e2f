"""The languages that articles may be written in, as data: a line here adds one.

A language has a code (ISO 639-1), the script that it is written in (see `scripts`), the Snowball
stemmer of its words (M. Porter, R. Boulton; None if there is none), and its function words.
Questions and articles are not searched by these, so words that change what is said, such as "not",
"against" and "after", are not among them.

The first language of a script is assumed if the language of a text cannot be recognised.
"""

from dataclasses import dataclass
from functools import cache

from qa.text.folding import letters

ENGLISH = "en"
# The code of a text in a script that is not listed (ISO 639-2).
UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Language:
    """A language. `words` are its function words as they are written, separated by spaces.

    In a script that is searched by n-grams, these are removed wherever a question has them, so
    words that may be part of other words are not listed. Such words are in `alone`: they are
    removed where they are a whole run of letters.
    """

    code: str
    script: str
    stemmer: str | None
    words: str = ""
    alone: str = ""

    def function_words(self) -> frozenset[str]:
        """The function words in the form of `folding.letters`."""
        return frozenset(letters(self.words).split())


LANGUAGES = (
    # The most frequent of the Snowball project's English stop list and the words of "how many",
    # "how much". The full list, which includes "against", "after" and "not", loses answers
    # (docs/studies/settings.md).
    Language("en", "Latin", "english",
        "i me my we us our you your he him his she her it its they them their what which who "
        "whom whose this that these those am is are was were be been being have has had having "
        "do does did doing would should could a an the and or of at by for with about to from "
        "in on there when where why how many much"),
    Language("de", "Latin", "german",
        "der die das den dem des ein eine einen einem einer eines und oder ist sind war waren "
        "wird werden wurde wurden hat haben hatte hatten ich du er sie es wir ihr ihm ihn ihnen "
        "sein seine seinen seiner ihre ihren ihrer im in am an auf aus bei mit von vom zu zum "
        "zur für über um als wie was wer wen wem wessen wann wo wohin woher warum weshalb wieso "
        "welche welcher welches welchen welchem viel viele dass sich auch noch gibt gab man "
        "dieser diese dieses diesem diesen durch es"),
    Language("fr", "Latin", "french",
        "le la les l un une des du de d et ou est sont était étaient a ont avait avaient au aux "
        "ce cet cette ces il elle ils elles on nous vous je tu son sa ses leur leurs qui que qu "
        "quoi dont où dans en par pour sur avec se s y quel quelle quels quelles quand comment "
        "pourquoi combien c j n été être t ne lui"),
    Language("es", "Latin", "spanish",
        "el la los las un una unos unas de del al y e o u es son era eran fue fueron ha han "
        "había hay en por para con se su sus lo le les que quién quiénes cuál cuáles cuándo "
        "dónde cómo cuánto cuánta cuántos cuántas como cuando donde qué este esta estos estas "
        "ese esa nos ser está están sido"),
    Language("it", "Latin", "italian",
        "il lo la i gli le l un uno una di del dello della dei degli delle a al allo alla ai "
        "agli alle da dal dalla dai dalle in nel nella nei nelle su sul sulla con per e ed o è "
        "sono era erano ha hanno aveva si che chi cui quale quali quando dove come perché "
        "quanto quanta quanti quante ci suo sua suoi loro questo questa questi queste d dell "
        "all dall nell sull stato stata"),
    Language("pt", "Latin", "portuguese",
        "o a os as um uma de do da dos das e ou é são era eram foi foram em no na nos nas ao "
        "aos à às por pelo pela pelos pelas para com se que quem qual quais quando onde como "
        "quanto quanta quantos quantas seu sua seus suas este esta isso há tem têm ser está "
        "estão ele ela eles elas"),
    Language("nl", "Latin", "dutch",
        "de het een en of is zijn was waren wordt worden werd werden heeft hebben had in op aan "
        "van voor met bij uit te tot door om over als dat die dit deze er ze zij hij wij ik je "
        "hun haar wie wat wanneer waar waarom hoe hoeveel welke welk ook nog naar"),
    Language("sv", "Latin", "swedish",
        "och att det som en ett den de i på av för med till är var har hade om vid från ska "
        "skall kan han hon vi jag du sig sin sitt sina deras vem vad när varför hur många "
        "vilken vilka vilket blev blir men"),
    Language("da", "Latin", "danish",
        "og at det som en et den de i på af for med til er var har havde om ved fra skal kan "
        "han hun vi jeg du sig sin sit sine deres hvem hvad hvornår hvor hvorfor hvordan mange "
        "hvilken hvilke hvilket blev bliver men"),
    Language("no", "Latin", "norwegian",
        "og å at det som en et ei den de i på av for med til er var har hadde om ved fra skal "
        "kan han hun vi jeg du seg sin sitt sine deres hvem hva når hvor hvorfor hvordan mange "
        "hvilken hvilke hvilket ble blir men"),
    Language("fi", "Latin", "finnish",
        "ja on oli ovat olivat että se ne hän he joka jotka mitä mikä missä milloin kuka miksi "
        "miten kuinka monta kun tai myös sen mutta ole olla tämä nämä tai kuin"),
    Language("hu", "Latin", "hungarian",
        "a az és egy hogy van volt vannak voltak is ki mi mit mikor hol miért hogyan hány "
        "mennyi melyik ez ezt azt vagy ha csak lesz meg"),
    Language("ro", "Latin", "romanian",
        "și de la în cu pe din pentru un o unei unui este sunt era erau a au al ai ale că ce "
        "care cine când unde cum cât câți câte cel cea cei cele se să lui fi fost prin"),
    Language("tr", "Latin", "turkish",
        "ve bir bu da de ile için mi mı mu mü ne kim nerede zaman neden nasıl kaç hangi olarak "
        "olan gibi daha çok en o şu var ki ama"),
    Language("ca", "Latin", None,
        "el la els les un una de del dels i o és són era en per amb que qui quan on com quant "
        "quants quina quin al als es seu seva seus aquest aquesta ha han va van"),
    Language("eu", "Latin", None,
        "eta da zen dira ziren bat hau hori du dute zuen zuten nor zer non noiz zergatik nola "
        "zenbat zein ere baina edo izan"),
    Language("ga", "Latin", None,
        "agus an na ar i is bhí tá le do go sé sí siad ag as ó cé cad cathain cá conas cén a"),
    Language("et", "Latin", None,
        "ja on oli et see ta kes mis mida kus millal miks kuidas kui mitu ning või ka oma nad "
        "aga selle olid"),
    Language("lt", "Latin", None,
        "ir yra buvo kad iš į su už prie kas ką kur kada kodėl kiek kaip ar tai ši tas jis ji "
        "taip pat"),
    Language("pl", "Latin", None,
        "i w we z ze na do od o po za przez dla jest są był była było byli się że to ten ta te "
        "tego tej który która które co kto kiedy gdzie jak dlaczego ile czy jaki jaka jakie a "
        "oraz jego jej ich"),
    Language("cs", "Latin", None,
        "a v ve z ze na do od o po za pro je jsou byl byla bylo byli se si že to ten ta te "
        "který která které co kdo kdy kde jak proč kolik jaký jaká jeho její jejich i s k u"),
    Language("sk", "Latin", None,
        "a v vo z zo na do od o po za pre je sú bol bola bolo boli sa si že to ten tá ktorý "
        "ktorá ktoré čo kto kedy kde ako prečo koľko aký jeho jej ich i s k u"),
    Language("hr", "Latin", None,
        "i u na s sa od do o po za iz je su bio bila bilo bili se da to taj ta koji koja koje "
        "što tko kada gdje kako zašto koliko kakav njegov njihov a ili"),
    Language("sl", "Latin", None,
        "in v na z s od do o po za iz je so bil bila bilo bili se da to ta ki kateri katera kaj "
        "kdo kdaj kje kako zakaj koliko njegov njihov ali pa"),
    Language("lv", "Latin", None,
        "un ir bija ka no uz ar par pie kas ko kur kad kāpēc cik kā vai tā šī tas viņš viņa arī"),
    Language("id", "Latin", None,
        "dan di ke dari yang untuk dengan pada ini itu adalah akan oleh dalam apa siapa kapan "
        "mana mengapa bagaimana berapa ia mereka kami juga telah sudah atau para"),
    Language("vi", "Latin", None,
        "và của là có được trong cho với những các một này đó ai gì khi nào đâu tại sao như thế "
        "bao nhiêu đã sẽ từ về ở vào"),
    Language("ru", "Cyrillic", "russian",
        "и в во на с со по за из от до о об к ко у для при это этот эта эти как что кто кого "
        "кому когда где куда почему зачем сколько какой какая какие какого каких чей он она они "
        "его её их был была было были есть быть или а же ли бы то также который которая которые"),
    Language("uk", "Cyrillic", None,
        "і й та в у на з із зі по за від до про для при це цей ця ці як що хто коли де чому "
        "скільки який яка які він вона вони його її їх був була було були є або а ж чи також"),
    Language("bg", "Cyrillic", None,
        "и в във на с със по за от до при това този тази тези как какво кой кога къде защо "
        "колко който която които е са беше бяха се да ще той тя те му или а също"),
    Language("sr", "Cyrillic", None,
        "и у на с са од до о по за из је су био била било били се да то тај та који која које "
        "шта ко када где како зашто колико његов њихов а или"),
    Language("el", "Greek", "greek",
        "ο η το οι τα του της των τον την και σε στο στη στην στον από με για που πως ποιος "
        "ποια ποιο πότε πού γιατί πόσο πόσοι πόσα τι είναι ήταν έχει ένα μια ένας θα να αυτό"),
    Language("ar", "Arabic", "arabic",
        "في من على إلى عن مع هذا هذه ذلك التي الذي الذين أن إن كان كانت هو هي هم ما ماذا متى "
        "أين كيف لماذا كم أي قد ثم أو"),
    Language("fa", "Arabic", None,
        "و در از به که این آن با را برای است بود شد شده می چه کی کجا چرا چگونه چند کدام هم یک "
        "تا خود آنها"),
    Language("ur", "Arabic", None,
        "اور میں کی کے کا سے کو ہے ہیں تھا تھے پر نے یہ وہ کہ کیا کون کب کہاں کیوں کیسے کتنے "
        "کتنی ایک بھی"),
    Language("he", "Hebrew", None,
        "של את על עם הוא היא הם זה זו כי אם או גם מה מי מתי איפה היכן למה מדוע כיצד איך כמה "
        "איזה יש היה היו"),
    Language("hi", "Devanagari", None,
        "का की के में है हैं से को पर ने और यह वह कि क्या कौन कब कहाँ क्यों कैसे कितने कितनी एक "
        "था थे थी भी इस उस"),
    Language("mr", "Devanagari", None,
        "आणि आहे आहेत च्या मध्ये होते होता होती काय कोण केव्हा कुठे का कसे किती हे ही हा ती तो एक"),
    Language("ne", "Devanagari", None,
        "र मा को का छ छन् हो थियो ले लाई के कहिले कहाँ किन कसरी कति यो त्यो एक पनि"),
    Language("bn", "Bengali", None,
        "এবং এই সে তার যে কি কে কখন কোথায় কেন কীভাবে কত একটি ও থেকে জন্য হয় ছিল"),
    Language("ta", "Tamil", "tamil",
        "மற்றும் ஒரு இந்த அந்த என்ன யார் எப்போது எங்கே ஏன் எப்படி எத்தனை எவ்வளவு என்று அது"),
    Language("hy", "Armenian", None,
        "և է են էր էին որ ում ինչ ով երբ որտեղ ինչու ինչպես քանի մի այս այդ նա նրա իր"),
    Language("ka", "Georgian", None),
    # Scripts that are searched by n-grams.
    Language("ko", "Hangul", None,
        "무엇 누가 누구 언제 어디 어떻게 얼마나 얼마 어느 어떤 무슨 인가요 인가 입니까 습니까 "
        "합니까 하는가",
        alone="몇 왜 이 그 저 수 명"),
    Language("ja", "Kana", None,
        "何 誰 なに いつ どこ だれ なぜ どうして どのくらい どれくらい どの どれ どう いくら "
        "いくつ です でした ますか ました ません について",
        alone="の は が を に で と も へ や か し り い"),
    Language("zh", "Han", None,
        "什么时候 什麼時候 什么 什麼 甚麼 谁 誰 哪里 哪裡 哪儿 哪个 哪個 哪些 多少 几个 幾個 "
        "几名 幾名 何时 何時 为什么 為什麼 为何 為何 怎么 怎麼 怎样 怎樣 如何 吗 嗎 呢",
        alone="的 了 是 在 有 和"),
    Language("th", "Thai", None,
        "อะไร ใคร ที่ไหน ไหน เมื่อไร เมื่อไหร่ ทำไม อย่างไร กี่ เท่าไร เท่าไหร่ หรือไม่"),
    Language("lo", "Lao", None, "ຫຍັງ ໃຜ ຢູ່ໃສ ເມື່ອໃດ ແນວໃດ ຈັກ ເທົ່າໃດ"),
    Language("km", "Khmer", None, "អ្វី នរណា ពេលណា ហេតុអ្វី យ៉ាងណា ប៉ុន្មាន"),
    Language("my", "Myanmar", None, "ဘာ ဘယ်သူ ဘယ်မှာ ဘယ်တော့ ဘာကြောင့် ဘယ်လို"),
)  # fmt: skip


@cache
def languages() -> dict[str, Language]:
    """The languages by code."""
    return {language.code: language for language in LANGUAGES}
