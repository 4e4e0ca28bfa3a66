"""Looks into PDF files for what must not come in. Runs apart (`carnet.kernel.apart`), driven by `vault.pdf`.

The answer is one word, `verdict`: fine, broken, encrypted, active-content or too-complex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from carnet.kernel.apart.wire import Frame

_MOST_NODES = 100_000
_MOST_XFA = 64 * 1024 * 1024

# Actions that run a program, send a form away or take data in (ISO 32000-2, 12.6.4).
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute"})
_ANNOTATIONS = frozenset({"/RichMedia", "/3D"})
# Cheap look at an object's text; only what matches is taken apart.
_SUSPECT = re.compile(
    rb"/(JavaScript|JS|Launch|SubmitForm|ImportData|Rendition|RichMedia\w*|3D|XFA|EF|EncryptedPayload)(?![A-Za-z0-9])"
)
# The same in the raw bytes: an object that no table mentions may still be found by a reader that repairs
# files.
_RAW = re.compile(rb"/S\s*/(JavaScript|Launch|RichMediaExecute)(?![A-Za-z0-9])")
_SCRIPT = re.compile(rb"<(\w+:)?(script|submit)[\s>]", re.IGNORECASE)
_PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|msi|jar|lnk|sh|py|docm|xlsm|pptm|app|apk|reg|cpl)$",
    re.IGNORECASE,
)
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")


class _Found(Exception):
    pass


def answer(request: Frame) -> Frame:
    return Frame({"verdict": inspect(bytes(request.body))})


def inspect(data: bytes) -> str:
    if _RAW.search(data):
        return "active-content"
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as document:
            if document.is_encrypted:
                return "encrypted"
            if len(document.pages) == 0:
                return "broken"
            _look(document)
    except pikepdf.PasswordError:
        return "encrypted"
    except _Found as found:
        return str(found)
    except MemoryError:
        return "too-complex"
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, RuntimeError):
        return "broken"
    return "fine"


def _look(document: pikepdf.Pdf) -> None:
    seen = 0
    for item in document.objects:
        dictionary = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        if not isinstance(dictionary, pikepdf.Dictionary | pikepdf.Array):
            continue
        if not _SUSPECT.search(dictionary.unparse(resolved=True)):
            continue
        for node in _dictionaries(dictionary):
            seen += 1
            if seen > _MOST_NODES:
                raise _Found("too-complex")
            _judge(node)


def _dictionaries(root: Any) -> Iterator[Any]:
    """The dictionaries written directly in an object; what it refers to is an object of its own and has its
    own turn."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Dictionary):
            yield node
        for value in _values(node):
            if _is_direct_container(value):
                waiting.append(value)
            if len(waiting) > _MOST_NODES:
                raise _Found("too-complex")


def _values(node: Any) -> Iterator[Any]:
    return (value for _, value in node.items()) if isinstance(node, pikepdf.Dictionary) else iter(node)


def _is_direct_container(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _judge(node: Any) -> None:
    if "/EncryptedPayload" in node or _name(node.get("/Type")) == "/EncryptedPayload":
        raise _Found("encrypted")
    runs = "/JS" in node or _name(node.get("/S")) in _ACTIONS or _name(node.get("/Subtype")) in _ANNOTATIONS
    if runs or _has_script(node.get("/XFA")) or _carries_program(node):
        raise _Found("active-content")


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _has_script(form: Any) -> bool:
    """An XFA form is one XML file, whole or in pieces that may be cut anywhere."""
    if form is None:
        return False
    pieces = [form] if isinstance(form, pikepdf.Stream) else [part for part in form if isinstance(part, pikepdf.Stream)]
    text = bytearray()
    for piece in pieces:
        text += piece.read_bytes()
        if len(text) > _MOST_XFA:
            raise _Found("too-complex")
    return _SCRIPT.search(text.replace(b"\x00", b"")) is not None


def _carries_program(node: Any) -> bool:
    """A file specification with an embedded file (ISO 32000-2, 7.11.3)."""
    files = node.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return False
    names = [str(node[key]) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac") if key in node]
    if any(_PROGRAM_NAMES.search(name.strip().rstrip(".")) for name in names):
        return True
    streams = [file for _, file in files.items() if isinstance(file, pikepdf.Stream)]
    return any(file.read_bytes()[:4].startswith(_PROGRAM_STARTS) for file in streams)
