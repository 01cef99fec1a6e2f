"""Currencies as ISO 4217 codes, by the signs, codes and words that name them."""

from qa.text.quantities.tokens import Tokens

_SYMBOLS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₩": "KRW",
    "₹": "INR",
    "₽": "RUB",
    "₪": "ILS",
    "₴": "UAH",
    "₺": "TRY",
    "₦": "NGN",
    "₱": "PHP",
    "฿": "THB",
    "₫": "VND",
}
# "A$5", "HK$5".
_DOLLARS = {
    "us": "USD",
    "u.s.": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "can": "CAD",
    "hk": "HKD",
    "nz": "NZD",
    "s": "SGD",
    "r": "BRL",
    "nt": "TWD",
    "mx": "MXN",
}
CODES = frozenset(
    """USD EUR GBP JPY KRW INR RUB ILS UAH TRY NGN PHP THB VND AUD CAD HKD NZD SGD BRL TWD MXN CNY
    CHF SEK NOK DKK PLN CZK HUF ZAR SAR AED EGP IDR MYR PKR BDT ARS CLP COP""".split()
)
# The words for a currency after a number, in the singular.
MONEY = {
    "USD": "dollar|us dollar|u.s. dollar|american dollar",
    "AUD": "australian dollar",
    "CAD": "canadian dollar",
    "HKD": "hong kong dollar",
    "NZD": "new zealand dollar",
    "SGD": "singapore dollar",
    "EUR": "euro",
    "JPY": "yen|japanese yen",
    "CNY": "yuan|renminbi|rmb|chinese yuan",
    "KRW": "won|south korean won|korean won",
    "INR": "rupee|indian rupee",
    "GBP": "pound sterling|british pound|quid",
    "RUB": "ruble|rouble|russian ruble|russian rouble",
    "CHF": "swiss franc",
    "ILS": "shekel",
    "UAH": "hryvnia",
    "TRY": "lira|turkish lira",
    "NGN": "naira",
    "ZAR": "rand",
    "AED": "dirham",
    "SAR": "riyal",
    "BRL": "reais|brazilian real",
    "MXN": "mexican peso",
    "THB": "baht",
    "VND": "dong",
    "PLN": "zloty",
    "IDR": "rupiah",
    "BTC": "bitcoin",
}


def currency_before(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The currency whose sign or code starts at this index, and the index of its number."""
    token, after = tokens[at], tokens[at + 1]
    if token.text in _SYMBOLS:
        return (_SYMBOLS[token.text], at + 1) if after.is_number else None
    if after.text == "$" and token.joins and token.lower in _DOLLARS and tokens[at + 2].is_number:
        return _DOLLARS[token.lower], at + 2
    if token.text in CODES and after.is_number:
        return token.text, at + 1
    return ("INR", at + 1) if token.text == "Rs" and after.is_number else None
