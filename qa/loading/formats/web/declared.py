"""The encoding that an HTML page declares.

Source: WHATWG, HTML standard, section 13.2.3.2, "prescan a byte stream to determine its encoding".
A browser that meets a declaration after the first 1,024 bytes starts again with it, so the whole
head is searched here. Comments and the content of scripts, styles and titles are skipped.
"""

import re

# Each alternative consumes what it has begun, also without an end, so the scan is linear.
_PART = re.compile(
    rb"<!--(?:-?>|.*?-->|.*)|"
    rb"<(?P<raw>script|style|title|noscript|textarea)\b(?:.*?</(?P=raw)|.*)|"
    rb"<meta[\s/](?P<meta>[^<>]{0,2000})|"
    rb"<(?P<body>body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(
    rb"\s*<\?xml[^<>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    rb"([^\s/=\"'>]{1,60})\s{0,20}(?:=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?"
)
_CHARSET = re.compile(rb"charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([\w.:-]{2,40})", re.IGNORECASE)
# Far more than the head of any page.
_HEAD = 1024 * 1024


def declared_encoding(data: bytes) -> str | None:
    """The label in the first declaration of the page's head, else in its XML declaration."""
    for part in _PART.finditer(data[:_HEAD]):
        if part["body"]:
            break
        if part["meta"] and (label := _of_meta(part["meta"])):
            return label
    xml = _XML.match(data)
    return xml[1].decode("ascii", "replace") if xml else None


def _of_meta(inside: bytes) -> str | None:
    attributes: dict[bytes, bytes] = {}
    for name, *values in _ATTRIBUTE.findall(inside):
        attributes.setdefault(name.lower(), b"".join(values))
    label = attributes.get(b"charset", b"").strip()
    if not label and attributes.get(b"http-equiv", b"").strip().lower() == b"content-type":
        found = _CHARSET.search(attributes.get(b"content", b""))
        label = found[1] if found else b""
    return label.decode("ascii", "replace") or None
