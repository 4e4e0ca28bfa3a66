from __future__ import annotations

import codecs
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from carnet.formats.cda import CdaError, read, read_body
from carnet.formats.cda.xml import MAX_DEPTH, clinical_document, parse
from tests.formats.cda.sample import cda, level1

_SIZE = 25_000_000
_LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><r>&c;</r>'


def _refused(data: bytes) -> CdaError:
    with pytest.raises(CdaError) as caught:
        clinical_document(parse(data))
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(_LAUGHS, "doctype-forbidden", id="billion laughs"),
        pytest.param(b"<!-- x --><?y?> " + _LAUGHS, "doctype-forbidden", id="after comments"),
        pytest.param(
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
            "doctype-forbidden",
            id="external entity",
        ),
        pytest.param(b'<!DOCTYPE r SYSTEM "http://hostile.example/r.dtd"><r/>', "doctype-forbidden", id="external DTD"),
        pytest.param(_LAUGHS.decode().encode("utf-16"), "doctype-forbidden", id="hidden in UTF-16"),
        pytest.param(b"<r>" + _LAUGHS + b"</r>", "malformed-xml", id="DOCTYPE inside"),
        pytest.param(b"<r>&unknown;</r>", "malformed-xml", id="unknown entity"),
        pytest.param(b"", "not-xml", id="empty"),
        pytest.param(b"%PDF-1.4", "not-xml", id="a PDF"),
        pytest.param(b"MSH|^~\\&|", "not-xml", id="HL7 v2"),
        pytest.param(b"<r><a></r>", "malformed-xml", id="not well formed"),
        pytest.param(cda()[:-40], "malformed-xml", id="truncated"),
        pytest.param("<r>é</r>".encode("latin-1"), "malformed-xml", id="Latin-1 said to be UTF-8"),
        pytest.param(b'<?xml version="1.0" encoding="cp1253"?><r>\xaa\xd2</r>', "wrong-encoding", id="no such byte"),
        pytest.param(b'<?xml version="1.0" encoding="utf-7"?><r/>', "unsupported-encoding", id="UTF-7"),
        pytest.param(b'<?xml version="1.0" encoding="nonsense"?><r/>', "unsupported-encoding", id="no encoding"),
        pytest.param("<r/>".encode("utf-32"), "unsupported-encoding", id="UTF-32"),
        pytest.param(b"<html><body/></html>", "not-cda", id="not a CDA"),
        pytest.param(b"<ClinicalDocument/>", "not-cda", id="no namespace"),
        pytest.param(b'<ClinicalDocument xmlns="urn:other"/>', "not-cda", id="another namespace"),
        pytest.param(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "too-deep", id="too deep"),
        pytest.param(b"<a>" * (_SIZE // 3), "too-deep", id="a file of opening tags"),
        pytest.param(b"<r>" + b"<a/>" * 1_000_000 + b"</r>", "too-many-nodes", id="a million siblings"),
        pytest.param(b'<r a="' + b"x" * 1_000_000 + b'"/>', "too-many-nodes", id="a huge attribute"),
        pytest.param(
            b'<r z=">" ' + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>", "too-many-nodes", id="attributes"
        ),
    ],
)
def test_hostile_and_broken_files_are_refused(data: bytes, code: str) -> None:
    assert _refused(data).code == code


def test_messages_do_not_repeat_the_document() -> None:
    error = _refused(b"<DURAND><ANNE></DURAND>")
    assert "DURAND" not in error.message
    assert error.where.startswith("line 1")


def test_depth_and_siblings_within_the_limits_are_read() -> None:
    assert len(parse(b"<r>" + b"<a/>" * 100_000 + b"</r>")) == 100_000
    parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH)


def _marked_utf8(text: str) -> bytes:
    return codecs.BOM_UTF8 + text.encode()


def _latin1(text: str) -> bytes:
    return text.replace("UTF-8", "ISO-8859-1").encode("latin-1")


def _windows(text: str) -> bytes:
    return text.replace("UTF-8", "windows-1252").encode("cp1252")


def _utf16(text: str) -> bytes:
    return text.replace("UTF-8", "UTF-16").encode("utf-16")


def _utf16_unmarked(text: str) -> bytes:
    return text.replace("UTF-8", "UTF-16").encode("utf-16-be")


def _declared_too_late(text: str) -> bytes:
    return text.replace("UTF-8", "UTF-16").encode()


@pytest.mark.parametrize(
    "encode", [_marked_utf8, _latin1, _windows, _utf16, _utf16_unmarked, _declared_too_late], ids=lambda f: f.__name__
)
def test_every_declared_encoding_gives_the_same_text(encode: Callable[[str], bytes]) -> None:
    text = cda(title="<title>Épreuve d’effort</title>".replace("’", "'")).decode()
    assert read(encode(text)).title == "Épreuve d'effort"


def test_stylesheet_instructions_and_comments_are_not_followed() -> None:
    root = parse(b'<?xml-stylesheet href="http://hostile.example/x"?><r>a<!-- b -->c<?d e?>f</r>')
    assert root.text == "acf"
    assert root.getprevious() is None


def _self_presenting(*documents: bytes) -> bytes:
    inner = b"".join(each.split(b"?>", 2)[2] for each in documents)
    start = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:d="urn:x" version="1.0">'
    return start + b"<d:Contenu>" + inner + b"</d:Contenu></xsl:stylesheet>"


def test_a_self_presenting_file_is_read_through_its_stylesheet() -> None:
    entry = read(_self_presenting(cda()))
    assert (entry.media_type, entry.unique_id) == ("application/xslt+xml", "1.2.3.4^D1")
    assert _refused(_self_presenting(cda(), cda())).code == "ambiguous-cda"
    assert _refused(_self_presenting()).code == "ambiguous-cda"


def test_a_large_body_is_read_in_modest_memory(tmp_path: Path) -> None:
    """A fresh process, so that the peak is this file's: under four times its size, input and output included."""
    file = tmp_path / "large.xml"
    file.write_bytes(level1(b"\xa7" * 18_400_000))
    program = (
        "import resource, sys; from carnet.formats import cda\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); data = open(sys.argv[1], 'rb').read()\n"
        "cda.read(data); body = cda.read_body(data); print(len(body.data), peak() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)
    size, kibibytes = map(int, done.stdout.split())
    assert size == 18_400_000
    assert kibibytes * 1024 < 4 * file.stat().st_size


def test_a_plain_text_node_of_the_largest_file_is_read() -> None:
    assert len(parse(b"<r>" + b"A" * _SIZE + b"</r>").text or "") == _SIZE


def test_level_1_without_line_breaks_is_read_too() -> None:
    body = read_body(level1(b"x" * 3_000_000).replace(b"\n", b""))
    assert getattr(body, "data", None) == b"x" * 3_000_000
