"""What a deposit really is, and whether it may come in: its bytes decide, never its name.

Pure: no database, no network. The antivirus is asked separately (`antivirus.scan`).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from itertools import chain

from carnet.kernel.vault import images, pdf, texts
from carnet.kernel.vault.errors import Refused

Bytes = bytes | bytearray | memoryview

_XML, _PDF, _JPEG, _PNG, _TIFF = "text/xml", "application/pdf", "image/jpeg", "image/png", "image/tiff"
_RTF, _TEXT, _FHIR = "application/rtf", "text/plain", "application/fhir+json"

# Declared type → what the bytes must then be. Several spellings are in use for the same thing; a spelling
# that is kept (its key is accepted) is given back as it was declared.
_FAMILIES = {
    "text/xml": _XML,
    "application/xml": _XML,
    "application/xslt+xml": _XML,
    "application/pdf": _PDF,
    "image/jpeg": _JPEG,
    "image/png": _PNG,
    "image/tiff": _TIFF,
    "application/rtf": _RTF,
    "text/rtf": _RTF,
    "text/plain": _TEXT,
    "application/fhir+json": _FHIR,
}
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "application/x-pdf": "application/pdf",
    "application/json+fhir": "application/fhir+json",
    "text/xsl": "application/xslt+xml",
}
_UNDECLARED = {"", "application/octet-stream", "binary/octet-stream"}

ACCEPTED = frozenset(_FAMILIES)

_SIGNATURES = (
    (b"\xff\xd8\xff", _JPEG),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"II*\x00", _TIFF),
    (b"MM\x00*", _TIFF),
    (b"{\\rtf", _RTF),
    # Known, and not accepted: naming them keeps a text check from guessing.
    (b"PK\x03\x04", "application/zip"),
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-executable"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!", "application/x-rar"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
)
_PDF_WITHIN = 1024

_CHECKS: dict[str, Callable[[Bytes], None]] = {
    _XML: texts.check_xml,
    _PDF: pdf.check,
    _JPEG: images.check_jpeg,
    _PNG: images.check_png,
    _TIFF: images.check_tiff,
    _RTF: texts.check_rtf,
    _TEXT: texts.check_plain,
    _FHIR: texts.check_fhir,
}


def check(data: Bytes, declared: str | None, *, limit: int) -> str:
    """The media type to remember: as declared, without parameters. Raises Refused. `limit` is in bytes."""
    _check_size(len(data), limit)
    wanted = _media_type(declared)
    _refuse_test_virus(data)
    found = guess(data)
    if wanted is None:
        wanted = found
    if wanted is None or wanted not in _FAMILIES:
        raise Refused(
            "unsupported-type",
            "Ce type de fichier n'est pas accepté. Sont acceptés : CDA, PDF, JPEG, PNG, TIFF, RTF, texte et FHIR JSON.",
        )
    family = _FAMILIES[wanted]
    if found != family and not (family == _TEXT and found == _FHIR):
        raise Refused("not-what-it-says", f"Ce fichier est annoncé comme {wanted}, mais son contenu n'en est pas.")
    _CHECKS[family](data)
    return wanted


def guess(data: Bytes) -> str | None:
    """The media type that the first bytes show (for text and JSON: all bytes), accepted or not; None for the
    unknown."""
    start = bytes(data[:_PDF_WITHIN])
    for signature, media_type in _SIGNATURES:
        if start.startswith(signature):
            return media_type
    if b"%PDF-" in start:
        return _PDF
    if texts.looks_like_html(start):
        return "text/html"
    if texts.looks_like_xml(start):
        return _XML
    if texts.looks_like_fhir(data):
        return _FHIR
    return _TEXT if texts.is_text(data) else None


def _check_size(size: int, limit: int) -> None:
    if size == 0:
        raise Refused("empty", "Ce fichier est vide.")
    if size > limit:
        raise Refused("too-large", f"Ce fichier est trop grand : {limit // (1024 * 1024)} Mio au plus.")


def _media_type(declared: str | None) -> str | None:
    plain = (declared or "").partition(";")[0].strip().lower()
    return None if plain in _UNDECLARED else _ALIASES.get(plain, plain)


# The EICAR test file, in two halves: whole, it would make antivirus programs take this source for a virus.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def _inside_base64(needle: bytes) -> list[bytes]:
    """What base64 makes of the needle wherever it begins among three bytes, less the characters its
    neighbours share."""
    return [b64encode(bytes(shift) + needle)[(0, 2, 3)[shift] : -4] for shift in range(3)]


_EICAR_FORMS = tuple(chain([_EICAR], _inside_base64(_EICAR)))


def _refuse_test_virus(data: Bytes) -> None:
    dense = bytes(data).translate(None, b" \t\r\n")
    if any(form in dense for form in _EICAR_FORMS):
        raise Refused("malware", "Ce fichier contient le virus d'essai EICAR : il n'a pas été déposé.")
