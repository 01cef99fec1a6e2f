"""Words of every language: how they are cut, folded, recognised and searched."""

import re
import unicodedata

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from qa.store.local.engines.analyzer import Analyzer, forms_of
from qa.text.detection import language_of
from qa.text.folding import folded, letters
from qa.text.languages import ENGLISH, LANGUAGES, UNDETERMINED
from qa.text.scripts import GRAMS, SCRIPTS
from qa.text.words import gram_length, grams, stretches, words_of

_CODES = [language.code for language in LANGUAGES]
_TEXTS = {
    "en": "The bridge over the river was opened to traffic by the mayor on Friday.",
    "de": "Die Brücke über den Fluss wurde am Freitag für den Verkehr freigegeben.",
    "fr": "Le pont sur la rivière a été ouvert à la circulation par le maire vendredi.",
    "es": "El alcalde abrió el viernes el puente sobre el río a la circulación.",
    "it": "Il ponte sul fiume è stato aperto al traffico dal sindaco venerdì.",
    "pt": "A ponte sobre o rio foi aberta ao trânsito pelo prefeito na sexta-feira.",
    "nl": "De brug over de rivier is vrijdag door de burgemeester geopend voor het verkeer.",
    "sv": "Bron över floden öppnades för trafik av borgmästaren på fredagen.",
    "pl": "Most na rzece został w piątek otwarty dla ruchu przez burmistrza miasta.",
    "tr": "Nehrin üzerindeki köprü cuma günü belediye başkanı tarafından trafiğe açıldı.",
    "ru": "Мост через реку был открыт для движения в пятницу мэром города.",
    "uk": "Міст через річку відкрив для руху в п'ятницю міський голова.",
    "el": "Η γέφυρα πάνω από τον ποταμό άνοιξε στην κυκλοφορία την Παρασκευή.",
    "ar": "افتتح رئيس البلدية الجسر فوق النهر أمام حركة المرور يوم الجمعة.",
    "fa": "پل روی رودخانه روز جمعه توسط شهردار به روی رفت و آمد باز شد.",
    "he": "הגשר מעל הנהר נפתח לתנועה ביום שישי על ידי ראש העיר.",
    "hi": "नदी पर बना पुल शुक्रवार को महापौर ने यातायात के लिए खोल दिया।",
    "ko": "시장은 금요일에 강을 건너는 다리를 개통했다.",
    "ja": "市長は金曜日、川にかかる橋を開通させた。",
    "zh": "市长星期五为河上的大桥主持通车仪式。",
    "th": "นายกเทศมนตรีเปิดสะพานข้ามแม่น้ำเมื่อวันศุกร์",
}


@pytest.mark.parametrize("code", _TEXTS)
def test_the_language_of_one_sentence_is_recognised(code: str) -> None:
    assert language_of(_TEXTS[code]) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ENGLISH),
        ("  \n", ENGLISH),
        ("2019-04-26 30,000 %", ENGLISH),
        ("😀 😀", ENGLISH),
        ("Putin", ENGLISH),
        ("Wladiwostok", ENGLISH),
        ("xqzt vrrp", ENGLISH),
        ("Путин", "ru"),
        ("بوتين", "ar"),
        ("プーチン", "ja"),
        ("푸틴", "ko"),
        ("普京", "zh"),
        ("ปูติน", "th"),
        ("ፑቲን", UNDETERMINED),
    ],
)
def test_a_text_too_short_for_its_language_has_the_first_of_its_script(
    text: str, code: str
) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("most", "little"), [("de", "en"), ("ko", "en"), ("en", "ko"), ("ru", "ja"), ("ja", "zh")]
)
def test_an_article_in_two_languages_has_that_of_the_larger_part(most: str, little: str) -> None:
    assert language_of(f"{_TEXTS[little]}\n{_TEXTS[most] * 4}") == most


@given(st.text())
def test_every_text_has_one_language_that_is_listed(text: str) -> None:
    assert language_of(text) == language_of(text)
    assert language_of(text) in {*_CODES, UNDETERMINED}


def test_the_table_of_languages_is_sound() -> None:
    assert len(set(_CODES)) == len(_CODES)
    assert _CODES[0] == ENGLISH
    for language in LANGUAGES:
        assert language.script in {*SCRIPTS, "Kana"}
        assert len(language.code) == 2
        if language.stemmer:
            stem = tantivy.Filter.stemmer(language.stemmer)
            builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(stem)
            assert builder.build().analyze("abc")
        cut = {word for words in language.words.split() for word in words_of(words)}
        assert set(language.words.split()) <= cut | {"বা"}, language.code
        if language.script not in {*GRAMS, "Kana"}:
            assert not any(map(gram_length, cut))


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_are_those_of_unicode(script: str) -> None:
    name = "CJK UNIFIED" if script == "Han" else script.upper()
    letter = re.compile(f"[{SCRIPTS[script]}]")
    missed = [
        described
        for char in map(chr, range(0x10000))
        if (described := unicodedata.name(char, "")).startswith(f"{name} ")
        and unicodedata.category(char) in ("Lu", "Ll", "Lo")
        and unicodedata.normalize("NFKC", char) == char
        and not letter.match(char)
        and not re.match("[\u1d00-\u1dbf\uab30-\uab6f]", char)  # Phonetic alphabets.
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S. sent 30,000", ["The", "U", "S", "sent", "30", "000"]),
        (
            "プーチン大統領は3月に訪問した",
            ["プーチン", "大統領", "は", "3", "月", "に", "訪問", "した"],
        ),
        ("GDP는 3% 늘었다", ["GDP", "는", "3", "늘었다"]),
        ("e\u0301lysée", ["e\u0301lysée"]),
        ("कितने मज़दूर हैं?", ["कितने", "मज़दूर", "हैं"]),
        ("العَمَل", ["العَمَل"]),
        ("รถไฟ BTS", ["รถไฟ", "BTS"]),
    ],
)
def test_words_are_cut_at_spaces_and_where_the_script_changes(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(st.characters(max_codepoint=0x2FF) | st.sampled_from("“…–€😀🇦\ufe0f漢ก\u0301")))
def test_words_do_not_depend_on_the_other_words_of_a_text(text: str) -> None:
    words = words_of(f"漢 {text} 漢")
    assert words[1:-1] == [word for part in text.split() for word in words_of(part)]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("北朝鮮", ["北朝", "朝鮮"]),
        ("橋", ["橋"]),
        ("노동자", ["노동", "동자"]),
        ("ﾌﾟｰﾁﾝ", ["プー", "ーチ", "チン"]),
        ("น้ำท่วม", ["น้ำท่", "ำท่ว", "ท่วม"]),
        (unicodedata.normalize("NFD", "한강"), ["한강"]),
    ],
)
def test_a_run_without_spaces_becomes_overlapping_grams(run: str, expected: list[str]) -> None:
    assert grams(run) == expected


def test_grams_that_overlap_are_shown_as_one_stretch() -> None:
    assert stretches("北朝鮮労働者", {"北朝", "朝鮮", "働者"}) == {
        "北朝": "北朝鮮", "朝鮮": "北朝鮮", "働者": "働者",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Straße", "STRASSE"),
        ("de", "Brücken", "Brucken"),
        ("de", "Arbeitern", "Arbeiter"),
        ("fr", "élections", "election"),
        ("es", "trabajadores", "trabajador"),
        ("pt", "eleições", "eleicoes"),
        ("ru", "ещё", "еще"),
        ("ru", "рабочих", "рабочими"),
        ("ar", "العُمَّال", "العمال"),
        ("ar", "العـــمال", "العمال"),
        ("ar", "الأزرق", "الازرق"),
        ("ar", "مدرسة", "مدرسه"),
        ("ar", "٣٠٠", "300"),
        ("fa", "كتاب", "کتاب"),
        ("fa", "۳۰۰", "300"),
        ("he", "שָׁלוֹם", "שלום"),
        ("hi", "३००", "300"),
        ("ja", "ＧＤＰ", "gdp"),
        ("ja", "３００", "300"),
        ("ja", "ｶﾞｽ", "ガス"),
        ("tr", "İstanbul", "istanbul"),
        ("el", "γέφυρα", "ΓΕΦΥΡΑ"),
        ("en", "Élysée", "elysee"),
        ("en", "ﬁnance", "finance"),
    ],
)
def test_two_spellings_of_a_word_are_one_term(language: str, one: str, other: str) -> None:
    analyzer = Analyzer()
    assert analyzer.terms(one, language) == analyzer.terms(other, language) != []


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert letters(letters(text)) == letters(text)


@given(st.text(), st.lists(st.sampled_from(sorted(_TEXTS.values())), max_size=3))
def test_the_finder_finds_in_each_language_what_is_indexed(text: str, others: list[str]) -> None:
    analyzer = Analyzer(["ja", "en", "de", "ru"])
    asked = analyzer.question_terms(" ".join([*_TEXTS.values()]))
    find = analyzer.finder(asked)
    told = " ".join([text, *others])
    for language in analyzer.spoken:
        indexed = set(analyzer.terms(told, language))
        found = find(told, language)
        assert set(found) == {
            term
            for term in asked
            for form, limited in forms_of(term)
            if form in indexed and (not limited or language in limited)
        }


def test_a_word_is_searched_by_its_forms_in_the_languages_of_the_index() -> None:
    analyzer = Analyzer(["en", "es", "fr"])
    times, paris = analyzer.question_terms("Were the times good in Paris?")[::2]
    assert list(forms_of(paris)) == [("pari", ()), ("paris", ("es", "fr"))]
    assert list(forms_of(times)) == [("time", ()), ("tim", ("es", "fr"))]
    find = analyzer.finder([paris, times])
    assert find("Tim Cook was there.", "en") == {}
    assert find("Tim Cook estuvo en Paris.", "es") == {times: "Tim", paris: "Paris"}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many workers are in the city?", "en"),
        ("Wie viele Arbeiter sind in der Stadt?", "de"),
        ("Combien d'ouvriers y a-t-il dans la ville ?", "fr"),
        ("Wer ist der Minister?", "de"),
        ("Putin Wladiwostok", "en"),
    ],
)
def test_a_question_loses_the_function_words_of_its_own_language(
    question: str, language: str
) -> None:
    analyzer = Analyzer(["en", "de", "fr"])
    assert analyzer._language(words_of(question)) == language
    first = [next(forms_of(term))[0] for term in analyzer.question_terms(question)]
    assert not {"der", "in", "wie", "wer", "how", "the", "la", "dans", "d"} & set(first)


@pytest.mark.parametrize(
    ("spoken", "question", "terms"),
    [
        (["ja"], "誰が大統領ですか", ["大統", "統領"]),
        (["zh"], "谁是总统？", ["是总", "总统"]),
        (["ko"], "대통령은 누구인가", ["대통", "통령", "령은"]),
        (["th"], "ใครเป็นนายก", ["เป็น", "ป็นน", "นนา"]),
        (["ja"], "いつですか", ["いつ", "つで", "です", "すか"]),
    ],
)
def test_question_words_are_removed_from_runs(
    spoken: list[str], question: str, terms: list[str]
) -> None:
    assert Analyzer(spoken).question_terms(question)[: len(terms)] == terms


@pytest.mark.parametrize("language", ["en", "ja", "th", "ar", "hi", UNDETERMINED])
def test_a_very_long_word_is_no_term_and_a_long_run_is_cut(language: str) -> None:
    analyzer = Analyzer()
    assert analyzer.terms("x" * 10_000, language) == []
    assert len(analyzer.terms("漢" * 10_000, language)) == 9_999
