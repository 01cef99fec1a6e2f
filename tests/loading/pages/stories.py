"""Invented articles in several languages, and the page that a test expects to be read from one."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Story:
    """What is to be read from a page; None where the page does not state it."""

    lang: str
    title: str
    text: tuple[str, ...]
    author: str | None
    publisher: str | None
    day: str | None
    url: str

    def with_(self, **facts: str | None) -> "Story":
        return replace(self, **facts)  # type: ignore[arg-type]

    def unknown(self, *facts: str) -> "Story":
        return self.with_(**dict.fromkeys(facts))


ENGLISH = Story(
    "en", "Lighthouse keepers of Morrow return after forty years",
    (
        "The lighthouse on Morrow Head will be staffed again from October, the harbour trust said "
        "on Thursday, forty years after its last keeper left.",
        "Two of the five posts go to people from the island, who will watch the strait at night and "
        "keep the weather log that schools have asked for.",
        "“Machines saw the light but not the boats,” said Edda Corrin, who leads the trust and "
        "counted eleven groundings since the spring.",
        "The lamp itself stays as it is, a rotating lens of 1911 that throws its beam over twenty "
        "nautical miles in clear weather.",
        "Repairs of the keepers’ house begin in May and cost 310,000 crowns, a third of which the "
        "ferry company has promised to pay.",
        "Visitors may climb the tower on Sundays, in groups of six, once the new handrail has been "
        "tested by the building office.",
    ),
    "Tamsin Oakes", "The Morrow Gazette", "2023-09-14", "https://www.morrowgazette.example/news/lighthouse-keepers",
)  # fmt: skip
GERMAN = Story(
    "de", "Seilbahn von Hohenau fährt wieder bis zum Gipfel",
    (
        "Die Seilbahn von Hohenau fährt seit Montag wieder bis zum Gipfel, nachdem Fachleute das "
        "neue Tragseil drei Wochen lang geprüft hatten.",
        "Bürgermeister Arno Spielvogel sprach von einem guten Tag für das Tal, das im vergangenen "
        "Winter ein Drittel seiner Gäste verloren habe.",
        "Das Seil wiegt 46 Tonnen und wurde mit einem Hubschrauber in zwei Teilen auf den Berg "
        "gebracht, was noch nie zuvor versucht worden war.",
    ),
    "Ulrike Brandl", "Hohenauer Bote", "2022-03-07", "https://www.hohenauer-bote.example/lokales/seilbahn",
)  # fmt: skip
FRENCH = Story(
    "fr", "À Valmeur, le marché couvert rouvre ses portes",
    (
        "Le marché couvert de Valmeur a rouvert samedi après deux années de travaux, devant une "
        "foule de plusieurs centaines d’habitants venus en voisins.",
        "La charpente de fonte, posée en 1887, a été démontée pièce par pièce, nettoyée puis "
        "remontée par les ouvriers d’une entreprise de la région.",
        "Trente-deux étals sur quarante sont déjà loués, et la mairie promet que les loyers "
        "n’augmenteront pas avant la fin de l’année prochaine.",
    ),
    "Hélène Marchaud", "Le Courrier de Valmeur", "2021-06-12", "https://www.courrier-valmeur.example/marche-couvert",
)  # fmt: skip
SPANISH = Story(
    "es", "El faro de Puerto Alado vuelve a guiar a los pescadores",
    (
        "El faro de Puerto Alado volvió a encenderse la noche del domingo, después de que un rayo "
        "destruyera su cuadro eléctrico en el mes de enero.",
        "Los pescadores habían colocado faroles en el muelle y pedían desde hacía semanas que la "
        "autoridad portuaria reparara la lámpara cuanto antes.",
        "La obra costó noventa mil coronas y se pagó con el fondo para temporales, según explicó "
        "la alcaldesa Inés Robledo durante el acto.",
    ),
    "Tomás Errazu", "Diario del Alado", "2024-02-11", "https://www.diarioalado.example/faro-encendido",
)  # fmt: skip
KOREAN = Story(
    "ko", "하늘다리 재개통, 주민들 삼 년 만에 걸어서 건너",
    (
        "산아래 마을을 잇는 하늘다리가 월요일 오전 다시 열렸다. 태풍으로 끊어진 지 삼 년 만에 주민들이 걸어서 강을 건넜다.",
        "군청은 새 다리가 예전보다 두 배 무거운 짐을 견디며 기둥 네 개를 모두 바위 위에 세웠다고 설명했다.",
        "학생들은 그동안 배를 타고 학교에 다녔다. 교장은 아이들이 한 시간 더 잘 수 있게 되었다며 웃었다.",
    ),
    "한가람", "산아래신문", "2023-11-06", "https://www.sanarae.example/news/articleView.html?idxno=4711",
)  # fmt: skip
CHINESE = Story(
    "zh", "青石镇百年茶馆修缮完工重新开门迎客",
    (
        "青石镇的百年茶馆星期六重新开门。修缮用了十八个月，木匠们保留了原来的屋梁和两扇雕花窗。",
        "镇长说，茶馆每天早晨对老人免费开放，下午则由镇上的学生在楼上排练地方戏曲，门票收入用于维护。",
        "第一天来了四百多位客人。八十七岁的茶客林婆婆说，茶的味道同她小时候一样，只是凳子新了。",
    ),
    "沈清和", "青石日报", "2022-10-15", "https://www.qingshi.example/2022/1015/c100-teahouse.html",
)  # fmt: skip
JAPANESE = Story(
    "ja", "霧島村の水車小屋、四十年ぶりに回り始める",
    (
        "霧島村の水車小屋が日曜日、四十年ぶりに回り始めた。住民が三年かけて水路の石を積み直し、羽根板を新しくした。",
        "村長は記者団に対し、秋には小屋でひいたそば粉を学校の給食に使う考えを示した。費用は寄付でまかなわれた。",
        "最後の粉ひき職人の孫にあたる女性は、祖父の音が戻ってきたと語り、水車の前でしばらく動かなかった。",
    ),
    "森下はるか", "霧島新聞", "2024-04-21", "https://www.kirishima.example/articles/suisha",
)  # fmt: skip
PORTUGUESE = Story(
    "pt", "Biblioteca flutuante regressa às aldeias do rio Doural",
    (
        "A biblioteca flutuante do Doural voltou a subir o rio na terça-feira, com quatro mil livros "
        "a bordo e paragem marcada em onze aldeias.",
        "O barco esteve parado dois anos por causa de uma avaria no motor, que só pôde ser reparada "
        "com peças feitas à medida num estaleiro.",
        "Cada leitor pode levar três livros durante um mês, explicou a bibliotecária Rita Salvado, "
        "que vive a bordo de março a novembro.",
    ),
    "Duarte Meireles", "Jornal do Doural", "2023-05-30", "https://www.jornaldoural.example/biblioteca",
)  # fmt: skip
RUSSIAN = Story(
    "ru", "В Заречном открыли мост, который строили всем городом",
    (
        "В Заречном в субботу открыли пешеходный мост, на который жители собирали деньги почти пять "
        "лет и который строили по выходным.",
        "Главный инженер сообщил, что дерево для настила привезли из соседнего района, а перила "
        "сварили ученики местного училища.",
        "Мэр пообещала, что зимой мост будут чистить каждое утро, а весной поставят фонари и скамейки "
        "на обоих берегах реки.",
    ),
    "Павел Кедров", "Зареченский вестник", "2021-09-04", "https://www.zarechny-vestnik.example/most",
)  # fmt: skip
