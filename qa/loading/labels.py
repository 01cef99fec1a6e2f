"""What a name states: the key of a record, a key of front matter, the label of a line.

One table for all of them: `published_at`, `datePublished`, "Publication date:" and `pub-date` are
the same name once case, accents, spaces and signs are removed. In each list the most reliable name
comes first. Languages: those of the exports of newspaper databases (English, German, French,
Spanish, Italian, Dutch, Portuguese), and a few words of others.
"""

import re
import unicodedata
from functools import lru_cache

_SIGNS = re.compile(r"[\W_]+")
# No name is longer; longer ones are not looked up.
LONGEST = 48


@lru_cache(1 << 12)
def folded(name: str) -> str:
    """The name without case, accents, spaces and signs: `Veröffentlicht am` -> veroffentlichtam."""
    plain = unicodedata.normalize("NFKD", name[:LONGEST].casefold())
    return _SIGNS.sub("", "".join(each for each in plain if not unicodedata.combining(each)))


def _names(listed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(name) for name in listed.split(",")))


TITLE = _names(
    """title, headline, head line, main headline, article title, web title, news title, og:title,
    titel, überschrift, schlagzeile, titre, título, titulo, titular, titolo, kop, manchete,
    заголовок, 제목, 标题, 標題"""
)
# `created_at` and `updated_at` are left out: they date the record, not the article.
DATE = _names(
    """published_at, published, date published, pub date, published date, publish date,
    publishing date, publication date, date publish, date of publication, published on,
    published time, publish time, publication time, publication datetime, published datetime,
    pub datetime, datetime pub, first published, first published at, first publication date,
    web publication date, article:published_time, og:published_time, display date, posted at,
    posted on, posted, date posted, post date, issued, date issued, dc.date.issued, issue
    date, date, veröffentlicht am, veröffentlicht, veröffentlichungsdatum, erscheinungsdatum,
    publikationsdatum, date de publication, date de parution, publié le, paru le, fecha de
    publicación, publicado el, publicado em, publicado, data di pubblicazione, pubblicato il,
    pubblicato, data de publicação, publicatiedatum, gepubliceerd op, gepubliceerd, datum,
    fecha, дата, 날짜, 日期, data"""
)
SOURCE = _names(
    """publication title, publication name, source, source name, publication, newspaper, outlet,
    publisher, publisher name, site name, sitename, source-hostname, media name, news source,
    provider, website, site, og:site_name, zeitung, quelle, publikation, publikationstitel,
    titre de la publication, journal, título de publicación, título de la publicación,
    periódico, diario, medio, fuente, testata, titolo della pubblicazione, pubblicazione,
    fonte, krant, publicatie, titel van publicatie, bron, jornal, título da publicação,
    publicação, 출처, 来源"""
)
AUTHOR = _names(
    """author, authors, byline, by line, author name, authors name, writer, writers, written by,
    reporter, journalist, creator, dc.creator, autor, autoren, verfasser, autorin, auteur,
    auteurs, autores, autora, autore, autori, автор, 기자, 作者"""
)
URL = _names(
    """url, link, url source, source url, article url, web url, page url, document url,
    permalink, canonical url, canonical, web address, adresse, enlace"""
)
TEXT = _names(
    """text, body, content, full text, article body, article text, main text, content text,
    markdown content, article, story, volltext, text des artikels, texte intégral, texte
    complet, texte, texto completo, texto, testo completo, testo integrale, testo, volledige
    tekst, tekst, body text, hauptteil, corps"""
)

# In words, where the date is from; nkqa's own.
ORIGIN = _names("published_from")

# What is stated of an article, by name, and how reliable the name is: 0 is the most.
_RANKS = {
    name: (fact, rank)
    for fact, names in (
        ("title", TITLE), ("date", DATE), ("source", SOURCE), ("author", AUTHOR), ("url", URL),
        ("text", TEXT), ("origin", ORIGIN),
    )
    for rank, name in enumerate(names)
}  # fmt: skip


@lru_cache(1 << 12)
def fact_of(name: str) -> tuple[str, int] | None:
    """What the name states, and its place among the names that state it; None for other names."""
    return _RANKS.get(folded(name)) if len(name) <= LONGEST else None


# Labels whose value is text of the article, and stays without its label.
KEPT = _names(
    """abstract, highlight, summary, standfirst, teaser, lead, zusammenfassung, vorspann, résumé,
    encart, chapeau, resumen, destacado, riassunto, sommario, samenvatting, resumo"""
)
# A line of one of these alone stands above the text in an export.
BODY = _names("body, body text, text, hauptteil, corps, cuerpo, corpo, tekst, texto")
# Who made the pictures, which is no author.
CREDIT = _names("photo, photos, foto, fotos, bild, bilder, image, images, video, graphic, grafik")
# Labels that no writer of articles uses: each of them alone shows an export.
EXPORT = _names(
    """load-date, publication-type, journal-code, acc-no, date-chargement, type-publication,
    fecha-carga, laaddatum, proquest document id"""
)
# Labels of lines that state nothing of use; such a line is removed with the head it stands in.
OTHER = _names(
    """section, length, words, word count, load-date, load date, language, publication-type,
    publication type, document-type, document type, source type, journal-code, journal code,
    dateline, edition, page, pages, copyright, issn, isbn, volume, issue, series, country,
    location, place of publication, country of publication, publication info, publication
    year, year, publication subject, language of publication, proquest document id, document
    id, accession number, acc-no, acc no, database, last updated, updated, updated at,
    modified, last modified, category, categories, tags, keywords, subject, subjects, topic,
    topics, people, company, organization, company / organization, identifier / keyword,
    geographic, industry, ticker, person, state, city, links, rubric, retrieved, accessed,
    crawled, created, feed, guid, id, correction-date, media type, rubrik, länge, sprache,
    update, publikationstyp, publikationsart, seite, ausgabe, ressort, erscheinungsort, thema,
    themen, schlagwörter, rubrique, longueur, langue, date-chargement, date de chargement,
    type-publication, type de publication, sujet, sujets, édition, mots-clés,
    localisation-geo, societe, personne, secteur, sección, longitud, idioma, fecha-carga,
    fecha de carga, tipo de publicación, página, edición, tema, materia, palabras clave,
    sezione, lunghezza, lingua, data-caricamento, tipo di pubblicazione, pagina, edizione,
    argomento, parole chiave, sectie, lengte, taal, laaddatum, type publicatie, editie,
    onderwerpen, trefwoorden, seção, comprimento, tipo de publicação, edição, palavras-chave"""
)

# Labels that tell when and where something takes place, beside the date of it.
EVENT = _names(
    """place, time, where, when, venue, location, doors, admission, tickets, start, end, ort,
    uhrzeit, beginn, wann, wo, lieu, heure, lugar, hora, luogo, ora, plaats, tijd, local"""
)

# Labels of a book, a film or a job: the title and the author beside them are not the article's.
WORK = _names(
    """price, isbn, genre, director, directed by, cast, starring, rating, running time, runtime,
    translator, translated by, illustrator, format, salary, artist, composer, label, preis, genre,
    regie, besetzung, prix, réalisateur, precio, director, reparto, regia, prezzo, prijs"""
)

# The head of a message, which a mail program or a list archive writes.
SENDER = _names("from, von, de, da, van, отправитель")
SUBJECT = _names(
    "subject, re, regarding, betreff, objet, asunto, oggetto, onderwerp, assunto, тема"
)
SENT = _names(
    """date, sent, gesendet, datum, envoyé, enviado, fecha, inviato, data, verzonden, enviada,
    enviado em"""
)
# In a head that is no message's, these names sign the article.
BY = _names("by, von, par, por, door")
RECIPIENT = _names("to, an, à, para, a, aan, кому, cc, bcc, reply-to, kopie, copie")
