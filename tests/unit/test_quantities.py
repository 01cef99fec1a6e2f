"""The quantities of a sentence are read with value, unit, noun, exactness and bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.quantities import Quantity, quantities


def _summary(one: Quantity) -> str:
    """ "30,000 #worker most", "5..7 percent ~"."""
    low, high = f"{one.low:,.12g}", f"{one.high:,.12g}"
    value = low if one.low == one.high else f"{low}..{high}"
    noun = f"#{one.noun}" if one.noun else None
    parts = (value, one.unit, noun, "~" if one.approximate else None, one.bound)
    return " ".join(part for part in parts if part)


def read(text: str) -> list[str]:
    return [_summary(one) for one in quantities(text)]


SENTENCES = {
    # Counts.
    "As many as 30,000 North Korean workers cut timber there.": ["30,000 #worker most"],
    "The mayor said 1,234,567 ballots were counted.": ["1,234,567 #ballot"],
    "Roughly 10,000 laborers left, some 1,200 of them on foot.": ["10,000 #laborer ~", "1,200 ~"],
    "At least a dozen people were hurt and two died.": ["12 #person least", "2"],
    "Two dozen boats sank.": ["24 #boat"],
    "Dozens of families fled, then hundreds more.": ["24..99 #family ~", "100..999 ~"],
    "Tens of thousands of children waited.": ["10,000..99,999 #child ~"],
    "Hundreds of thousands of homes lost power.": ["100,000..999,999 #home ~"],
    "Several thousand protesters met a few hundred officers.": [
        "1,000..9,999 #protester ~", "100..999 #officer ~"],
    "Half a million visitors came, and a million stayed away.": ["500,000 #visitor", "1,000,000"],
    "A couple of ministers resigned; the couple married.": ["2 #minister ~"],
    "The fleet lost twenty-one ships and one hundred and five sailors.": [
        "21 #ship", "105 #sailor"],
    "Two million three hundred thousand doses arrived.": ["2,300,000 #dose"],
    "One person died and one of the drivers fled.": ["1 #person"],
    "Zero cases were found at ground zero.": ["0 #case"],
    "The 30-member panel wrote a 700-page report.": ["30 #member", "700 #page"],
    "The app has 5m users and 10k testers.": ["5,000,000 #user", "10,000 #tester"],
    "More than 2000 people marched.": ["2,000 #person least"],
    "In Ukraine 200 people were evacuated.": ["200 #person"],
    "He named 40-odd allies and 17-plus rivals.": ["40 ~", "17 least"],
    "Of the 154 dead, 26 were tourists.": ["154", "26"],
    "Between 5 and 7 judges and 10 to 15 lawyers met.": ["5..7 #judge", "10..15 #lawyer"],
    "Two or three witnesses spoke.": ["2..3 #witness ~"],
    "They planted 250 lakh trees.": ["25,000,000 #tree"],
    # Exactness and bounds.
    "No more than 40 guests, and no fewer than 10 guards, came.": [
        "40 #guest most", "10 #guard least"],
    "Just over 300 miners, nearly 400 drivers and up to 90 cooks struck.": [
        "300 #miner ~ least", "400 #driver ~", "90 #cook most"],
    "An estimated 600 seals and upwards of 50 whales died.": ["600 #seal ~", "50 #whale least"],
    "Fewer than 20 votes decided it; at least another 30 were void.": [
        "20 #vote most", "30 least"],
    "Tenants cannot earn more than $99,000.": ["99,000 USD most"],
    "Children of 12 or older and groups of 100 people or more pay.": [
        "12 year least", "100 #person least"],
    "A book about two sisters sold about 900 copies.": ["2 #sister", "900 #copy ~"],
    "Over two days they argued; it lasted for over two years.": ["2 day", "2 year least"],
    "It rose about 5 percent or so, to under 60 points.": ["5 percent ~", "60 #point most"],
    "The toll exceeded 900, more than double the first count.": ["900 least"],
    # Money.
    "It cost $5bn, or €3.4 million.": ["5,000,000,000 USD", "3,400,000 EUR"],
    "A bowl is 3,000 won, or US$2.20.": ["3,000 KRW", "2.2 USD"],
    "They paid ₩50,000, A$20 and £1.3bn.": ["50,000 KRW", "20 AUD", "1,300,000,000 GBP"],
    "The fine was 100 million South Korean won.": ["100,000,000 KRW"],
    "He owes 50 cents and 5 U.S. dollars.": ["0.5 USD", "5 USD"],
    "Sales of $1.9 billion to $2.04 billion are expected.": [
        "1,900,000,000..2,040,000,000 USD"],
    "Shares fell from $27B-29B to $20 million a day.": [
        "27,000,000,000..29,000,000,000 USD", "20,000,000 USD"],
    "She gave $500 to 10 families.": ["500 USD", "10 #family"],
    "A loan of $55 to $60 million.": ["55,000,000..60,000,000 USD"],
    "Billions of dollars were lost.": ["1,000,000,000..9,999,999,999 USD ~"],
    "The base price is Rs 1.5 crore.": ["15,000,000 INR"],
    # Shares.
    "Prices rose 5.3 percent, or 5.3%, and 12 per cent in May.": [
        "5.3 percent", "5.3 percent", "12 percent"],
    "It grew by two percentage points, 55 basis points more than forecast.": [
        "2 percentage point", "55 basis point"],
    "Turnout was 20-30 percent.": ["20..30 percent"],
    "Two thirds of voters and a quarter of the women agreed.": [
        "66.6666666667 percent #voter", "25 percent #woman"],
    "One in five teachers and nine out of ten pupils came.": [
        "20 percent #teacher", "90 percent #pupil"],
    "Roughly half of them stayed in the first half.": ["50 percent ~"],
    "A quarter-percentage point cut followed a strong third quarter.": ["0.25 percentage point"],
    "Output rose from 5 percent to 7 percent.": ["5 percent", "7 percent"],
    # Measures.
    "The talks took two and a half years and an hour and a half of speeches.": [
        "2.5 year", "1.5 hour"],
    "A three-month truce lasted half an hour.": ["3 month", "0.5 hour"],
    "They met after two more weeks.": ["2 week"],
    "The road is 10 to 15 km long and 12 feet wide.": ["10..15 km", "12 foot"],
    "The 6-foot-2 guard ran 100m at 20 mph.": ["6.16666666667 foot", "100 m", "20 mph"],
    "A 300-kilogram bell hung 40 metres up.": ["300 kg", "40 m"],
    "Some 190 acres and 52,500 square miles burned.": ["190 acre ~", "52,500 square mile"],
    "It fell to -5 degrees Celsius, then rose to 20°C and 68 degrees Fahrenheit.": [
        "-5 degree celsius", "20 degree celsius", "68 degree fahrenheit"],
    "A loss of minus 3 percent (-4 a share).": ["-3 percent", "-4"],
    "The 10,000 hp engine drew 25 W.": ["10,000 horsepower", "25 watt"],
    "He lifted 394,486 pounds in 3 1/2 hours.": ["394,486 pound", "3.5 hour"],
    # Ages.
    "A 34-year-old woman aged 34, Jane Doe, 34, spoke.": ["34 year", "34 year", "34 year"],
    "Those of 65 and older vote, from age 70 on.": ["65 year least", "70 year"],
    # No quantities.
    "Under Section 230 and No. 5, COVID-19 grounded the F-35 and the B-52.": [],
    "On April 3, 2019, on 3 and 4 May and in 2020 nothing happened.": [],
    "In the 1990s, in 1066 and in 44 BC they lost.": [],
    "They won 3-2, lost 21–14 and drew 50-50.": [],
    "Call 911 or 555-1234 at 7 p.m. or at 10:30.": [],
    "Version 2.0.1 of iPhone 14 runs Windows 10 at 1600 Pennsylvania Avenue.": [],
    "The first, the 2nd and the third came on day three of Week 7.": [],
    "No one knows which one of the two is right, one day.": [],
    "The two-time winner of the Big Ten took one-way streets on 9/11.": [],
    "From 2003-2010 and in 2019-20 she led Group of Seven talks.": [],
    "6 Jane Doe, Vikings\n7 John Roe, Lions": [],
    "The 2023 won by Jane; 46 Miles Doe, Vikings; it runs 1h 47m.": [],
    "The 4K screen of the 3M plant": [],
    "10/7/2023 and 2023-10-07 are the top five days.": [],
    "See https://example.org/2023/40-ideas for Chapter 11.": [],
}  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_reads_the_quantities_of_a_sentence_and_nothing_else(sentence: str) -> None:
    assert read(sentence) == SENTENCES[sentence]


def test_the_span_has_the_number_with_magnitude_currency_and_unit() -> None:
    text = "Nearly US$1.2 million, a 34-year-old, 5 percent of voters, half a dozen eggs"
    spans = [text[one.start : one.end] for one in quantities(text)]
    assert spans == ["US$1.2 million", "34-year-old", "5 percent", "half a dozen"]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("1.2 million people", 50_000), ("30,000 people", 5_000), ("32 people", 0.5),
        ("30 people", 0.5), ("1,250 people", 5), ("$3.84", 0.005), ("2 million people", 500_000),
        ("half of them", 2.5), ("a dozen eggs", 6), ("two and a half years", 0.25),
    ],
)  # fmt: skip
def test_the_precision_is_half_of_the_last_significant_digit(text: str, precision: float) -> None:
    (one,) = quantities(text)
    assert one.precision == pytest.approx(precision)


_NOUNS = st.sampled_from(["people", "new cases", "North Korean workers"])
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _spelled(number: int) -> str:
    for scale, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if number >= scale:
            rest = f" {_spelled(number % scale)}" if number % scale else ""
            return f"{_spelled(number // scale)} {name}{rest}"
    if number >= 100:
        rest = f" and {_spelled(number % 100)}" if number % 100 else ""
        return f"{_WORDS[number // 100]} hundred{rest}"
    if number >= 20:
        return _TENS[number // 10 - 2] + (f"-{_WORDS[number % 10]}" if number % 10 else "")
    return _WORDS[number]


@given(st.integers(2, 10**12 - 1), _NOUNS)
def test_a_number_in_words_is_read_as_it_is_in_digits(number: int, noun: str) -> None:
    for text in (f"They saw {_spelled(number)} {noun}.", f"They saw {number:,} {noun}."):
        ((low, high, found),) = ((one.low, one.high, one.noun) for one in quantities(text))
        assert (low, high) == (number, number)
        assert found == {"people": "person", "new cases": "case"}.get(noun, "worker")


@given(
    st.decimals(0, 999, places=2, allow_nan=False),
    st.sampled_from([("thousand", 1e3), ("million", 1e6), ("bn", 1e9), ("trillion", 1e12)]),
    st.sampled_from([("${} {}", "USD"), ("€{} {}", "EUR"), ("{} {} won", "KRW")]),
)
def test_an_amount_is_read_with_its_magnitude_and_currency(
    value: object, magnitude: tuple[str, float], form: tuple[str, str]
) -> None:
    name, factor = magnitude
    written, currency = form
    found = quantities(f"It cost {written.format(value, name)} last year.")
    expected = float(str(value)) * factor
    if currency == "KRW" and 0 <= expected < 1000:
        return
    (one,) = found
    assert one.unit == currency
    assert one.low == one.high == pytest.approx(expected)


@given(st.text(st.sampled_from("0123456789.,-– $%°½'\nandtwof hlm()AB"), max_size=60))
def test_quantities_are_in_order_and_do_not_overlap_in_any_text(text: str) -> None:
    found = quantities(text)
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start < one.end for end, one in zip(ends, found, strict=False))
    assert all(one.low <= one.high and one.precision >= 0 for one in found)
    assert all(text[one.start : one.end].strip() for one in found)
