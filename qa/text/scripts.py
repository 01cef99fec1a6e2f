"""Scripts as ranges of code points, and how the words of each are found.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no spaces between words, and Korean appends
particles to them. They are searched by n-grams, overlapping runs of letters, as is usual without a
dictionary (J.-Y. Nie, F. Ren, Chinese Information Retrieval: Using Characters or Words?, 1999).
Python provides only categories of characters, so the scripts are listed here, after Scripts.txt of
Unicode 17.0, as whole blocks where a script has many parts.
"""

SCRIPTS = {
    "Latin": "A-Za-zªº\\xc0-\\u02af\\u1e00-\\u1eff\\u2183\\u2184\\u2c60-\\u2c7f\\ua720-\\ua7ff"
    "\\uff21-\\uff5a",
    "Greek": "\\u0370-\\u03ff\\u1f00-\\u1fff",
    "Cyrillic": "\\u0400-\\u052f\\u1c80-\\u1c8f\\u2de0-\\u2dff\\ua640-\\ua69f",
    "Armenian": "\\u0531-\\u058f",
    "Hebrew": "\\u0591-\\u05f4\\ufb1d-\\ufb4f",
    "Arabic": "\\u0610-\\u06ff\\u0750-\\u077f\\u0870-\\u08ff\\ufb50-\\ufdff\\ufe70-\\ufefc",
    "Devanagari": "\\u0900-\\u0963\\u0966-\\u097f\\ua8e0-\\ua8ff",
    "Bengali": "\\u0980-\\u09fe",
    "Tamil": "\\u0b82-\\u0bfa",
    "Georgian": "\\u10a0-\\u10ff\\u1c90-\\u1cbf\\u2d00-\\u2d2f",
    "Hangul": "\\u1100-\\u11ff\\u3131-\\u318e\\ua960-\\ua97c\\uac00-\\ud7fb\\uffa1-\\uffdc",
    "Hiragana": "\\u3041-\\u3096\\u3099\\u309a\\u309d-\\u309f",
    "Katakana": "\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\uff66-\\uff9f",
    "Han": "\\u2e80-\\u2fd5\\u3005\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"
    "\\U00020000-\\U0003fffd",
    "Thai": "\\u0e01-\\u0e3a\\u0e40-\\u0e4e",
    "Lao": "\\u0e81-\\u0ece\\u0edc-\\u0edf",
    "Khmer": "\\u1780-\\u17d3\\u17dc\\u17dd",
    "Myanmar": "\\u1000-\\u103f\\u104c-\\u109f\\ua9e0-\\ua9fe\\uaa60-\\uaa7f",
}
# Length of the n-grams of a script, in letters with their marks.
GRAMS = {
    "Hangul": 2,
    "Hiragana": 2,
    "Katakana": 2,
    "Han": 2,
    "Thai": 3,
    "Lao": 3,
    "Khmer": 2,
    "Myanmar": 2,
}
