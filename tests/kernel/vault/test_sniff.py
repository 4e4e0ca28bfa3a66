"""What comes in and what does not, by its bytes."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.kernel import vault
from tests.corpus import CORPUS, needs_corpus
from tests.kernel.vault import samples
from tests.kernel.vault.sniffing import GOOD, LIMIT, refusal


def test_every_accepted_type_has_its_sample() -> None:
    assert set(GOOD) == vault.ACCEPTED


@pytest.mark.parametrize("declared", GOOD)
def test_accepted(declared: str) -> None:
    assert vault.check(GOOD[declared], declared, limit=LIMIT) == declared
    assert vault.check(GOOD[declared], f"{declared.upper()}; charset=utf-8", limit=LIMIT) == declared
    assert vault.check(memoryview(GOOD[declared]), declared, limit=LIMIT) == declared


@pytest.mark.parametrize("declared", [None, "", "application/octet-stream"])
def test_what_is_not_declared_is_recognised(declared: str | None) -> None:
    for name in ("text/xml", "application/pdf", "image/jpeg", "image/png", "image/tiff", "text/plain"):
        assert vault.check(GOOD[name], declared, limit=LIMIT) == name
    assert vault.check(samples.FHIR, declared, limit=LIMIT) == "application/fhir+json"
    assert vault.check(samples.RTF, declared, limit=LIMIT) == "application/rtf"


@pytest.mark.parametrize("declared", GOOD)
@pytest.mark.parametrize("real", GOOD)
def test_one_thing_is_not_another(declared: str, real: str) -> None:
    families = [{"text/xml", "application/xml", "application/xslt+xml"}, {"application/rtf", "text/rtf"}]
    same = declared == real or any({declared, real} <= family for family in families)
    if same or (declared, real) == ("text/plain", "application/fhir+json"):
        assert vault.check(GOOD[real], declared, limit=LIMIT) == declared
    else:
        assert refusal(GOOD[real], declared) == "not-what-it-says"


@pytest.mark.parametrize("declared", GOOD)
def test_empty_and_too_large(declared: str) -> None:
    data = GOOD[declared]
    assert refusal(b"", declared) == "empty"
    assert refusal(data, declared, limit=len(data) - 1) == "too-large"
    assert vault.check(data, declared, limit=len(data)) == declared


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"PK\x03\x04" + bytes(50),
        b"GIF89a" + bytes(50),
        bytes(range(256)),
    ],
)
def test_other_files_are_not_accepted_whatever_they_say(data: bytes) -> None:
    assert refusal(data, None) == "unsupported-type"
    assert refusal(data, "application/zip") == "unsupported-type"
    for declared in GOOD:
        assert refusal(data, declared) == "not-what-it-says"


@pytest.mark.parametrize(
    "html", [b"<!DOCTYPE html><p>x", b"\xef\xbb\xbf <html><body>", b"<!-- a --><script>x</script>"]
)
@pytest.mark.parametrize("declared", ["text/plain", "text/xml", "image/png", "application/pdf"])
def test_a_web_page_is_nothing_of_ours(html: bytes, declared: str) -> None:
    assert refusal(html, declared) == "not-what-it-says"


@pytest.mark.parametrize("declared", GOOD)
def test_eicar_anywhere(declared: str) -> None:
    assert refusal(GOOD[declared] + samples.EICAR, declared) == "malware"


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
@pytest.mark.parametrize("width", [0, 76])
def test_eicar_inside_base64(before: bytes, width: int) -> None:
    body = base64.b64encode(before + samples.EICAR + b"\r\nmore")
    if width:
        body = b"\r\n".join(body[at : at + width] for at in range(0, len(body), width))
    xml = b'<text mediaType="application/pdf" representation="B64">' + body + b"</text>"
    assert refusal(xml, "text/xml") == "malware"


@pytest.mark.parametrize("declared", ["image/jpeg", "image/png", "image/tiff", "application/pdf"])
def test_an_archive_behind_it(declared: str) -> None:
    assert refusal(_with_archive(GOOD[declared]), declared) == "polyglot"


@settings(max_examples=150)
@given(data=st.data(), declared=st.sampled_from([name for name in GOOD if name != "application/pdf"]))
def test_a_damaged_file_is_accepted_or_refused_never_anything_else(data: st.DataObject, declared: str) -> None:
    damaged = bytearray(GOOD[declared])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    try:
        assert vault.check(bytes(damaged), declared, limit=LIMIT) == declared
    except vault.Refused:
        return


@settings(max_examples=200)
@given(data=st.binary(max_size=2000), declared=st.sampled_from([*sorted(vault.ACCEPTED), None]))
def test_no_bytes_make_it_fail(data: bytes, declared: str | None) -> None:
    try:
        assert vault.check(data, declared, limit=LIMIT) in vault.ACCEPTED
    except vault.Refused:
        return


@needs_corpus
def test_every_file_of_the_corpus_is_accepted() -> None:
    assert CORPUS is not None
    for path in [*CORPUS.rglob("cda*/**/*.xml")]:
        assert vault.check(path.read_bytes(), "text/xml", limit=LIMIT) == "text/xml", path.name
    for path in CORPUS.glob("fhir/pdsm*/*.json"):
        data = path.read_bytes()
        if b'"resourceType"' in data:
            assert vault.check(data, "application/fhir+json", limit=LIMIT), path.name


def _with_archive(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("x.class", b"x")
    return out.getvalue()
