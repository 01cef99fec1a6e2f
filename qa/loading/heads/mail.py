"""A message (RFC 5322) as plain text: encoded names and bodies decoded, attachments left out."""

import re
from email import message_from_string
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import compat32

from qa.loading.article import NotLoaded
from qa.loading.encodings import decode
from qa.loading.scraped.names import person, publication

# The line above each message of a mailbox.
ENVELOPE = re.compile(
    r"^From [^\s]{1,300}[ \t]+[^\n]{10,60}?\d{4}(?: [+-]\d{4})?[ \t]*\n(?=[A-Za-z][\w-]{1,40}:)",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^>(>*From )", re.MULTILINE)
_ENCODED = re.compile(
    r"^(?:Content-(?:Type|Transfer-Encoding):|(?:Subject|From):[^\n]{0,300}=\?[\w-]+\?[bq]\?)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(r"\s*[A-Za-z][\w-]{1,40}:[ \t\n]")
_LONGEST_HEAD = 64_000
_HEADERS = ("From", "To", "Date", "Subject")
# A message has a handful of parts; very many are an attack.
_MOST_PARTS = 200
_LONGEST_HEADER = 2000
_SENDER = re.compile(
    r"[\"']?(?P<name>[^<>\"@]{2,120}?)[\"']?\s*[<(\[][^<>()]*[>)\]]\s*|"
    r"[^\s<>()]{1,200}@[^\s<>()]{1,200} \((?P<behind>[^()@]{2,120})\)|"
    r"(?P<bare>[^<>@]{2,120})"
)
_VIA = re.compile(r"\s+(?:via|über|par)\s.*", re.IGNORECASE)
# Words of desks, lists and programs, which write no articles of their own name.
_NO_PERSON = re.compile(
    r"\b(?:news\w*|newsletter\w*|brief\w*|alert\w*|team|daily|weekly|morning|evening|desk|press|"
    r"office|service|support|info|noreply|no-reply|list|group|editors?|redaktion|rédaction|redacci[óo]n|"
    r"redazione|redactie|updates?|digest|mail\w*|media|times|post|courier|today|admin|council|"
    r"ministry|university|foundation|institute|department|company|agency)\b",
    re.IGNORECASE,
)


def plain_message(text: str) -> str:
    """The text of a message below its headers, both readable; other text as it is.

    Raises: NotLoaded if the message holds no text.
    """
    envelope = ENVELOPE.match(text)
    if envelope:
        text = _QUOTED.sub(r"\1", text[envelope.end() :])
    if not _HEADER.match(text):
        return text
    head = text[: max(0, text.find("\n\n", 0, _LONGEST_HEAD)) or _LONGEST_HEAD]
    if not _ENCODED.search(head):
        return text
    if text.lower().count("boundary=") > _MOST_PARTS:
        raise NotLoaded(f"a message of more than {_MOST_PARTS} parts")
    try:
        message: Message = message_from_string(text, policy=compat32)
        body = _body(message)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise NotLoaded(f"a damaged message: {str(error)[:100] or type(error).__name__}") from error
    headers = (f"{name}: {_decoded(str(message[name]))}" for name in _HEADERS if message[name])
    return "\n".join([*headers, "", body])


def sender(value: str) -> tuple[str | None, str | None]:
    """The person and the newspaper in the name of a sender; neither if it may be a desk or list."""
    found = _SENDER.fullmatch(value.strip())
    name = (found["name"] or found["behind"] or found["bare"] or "").strip() if found else ""
    name = _VIA.sub("", name)
    if not name:
        return None, None
    if publication(name):
        return None, name
    if _NO_PERSON.search(name) or not person(name):
        return None, None
    return name, None


def _body(message: Message) -> str:
    parts = [part for part in message.walk() if not part.is_multipart()]
    kinds = {part.get_content_type() for part in parts}
    for part in parts:
        attached = str(part.get("Content-Disposition", "")).lower().startswith("attachment")
        if part.get_content_type() == "text/plain" and not attached:
            return _text(part)
    raise NotLoaded(f"a message without plain text, only {', '.join(sorted(kinds)) or 'headers'}")


def _text(part: Message) -> str:
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        return decode(data, part.get_content_charset())[0].replace("\r\n", "\n") if data else ""
    return str(part.get_payload())


def _decoded(value: str) -> str:
    """A header without encoded words, on one line."""
    value = " ".join(value[:_LONGEST_HEADER].split())
    pieces = []
    for text, charset in decode_header(value):
        if isinstance(text, bytes):
            text = decode(text, charset)[0] if charset else text.decode("ascii", "replace")
        pieces.append(text)
    return " ".join("".join(pieces).split())
