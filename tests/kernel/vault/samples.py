"""Small real files of each accepted kind, made here."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
XML = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Été</title></ClinicalDocument>'
).encode()
RTF = rb"{\rtf1\ansi Compte rendu {\b normal}.}"
TEXT = "Compte rendu : l’examen est normal.\r\n".encode()
FHIR = b'{"resourceType": "Bundle", "type": "document"}'


def image(kind: str, **options: object) -> bytes:
    out = BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def pages(kind: str) -> bytes:
    out = BytesIO()
    first, second = (Image.new("L", (40, 30), shade) for shade in (0, 255))
    first.save(out, kind, save_all=True, append_images=[second])
    return out.getvalue()


def pdf(change: Callable[[Pdf], None] | None = None, **saving: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.pages[0].Contents = document.make_stream(b"BT (Compte rendu) Tj ET")
    if change:
        change(document)
    out = BytesIO()
    document.save(out, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def on_opening(document: Pdf) -> None:
    document.Root.OpenAction = _script()


def in_the_names(document: Pdf) -> None:
    leaf = document.make_indirect(Dictionary(Names=Array([String("a"), document.make_indirect(_script())])))
    middle = document.make_indirect(Dictionary(Kids=Array([leaf])))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Kids=Array([middle])))


def in_a_chain_of_actions(document: Pdf) -> None:
    action = Dictionary(S=Name.GoTo, D=String("x"), Next=Array([Dictionary(S=Name.GoTo, Next=_script())]))
    document.pages[0].obj.AA = Dictionary(O=action)


def of_a_field(document: Pdf) -> None:
    field = document.make_indirect(Dictionary(T=String("f"), FT=Name.Tx, AA=Dictionary(K=_script())))
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def launching(document: Pdf) -> None:
    document.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc")))]
    )


def submitting(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.SubmitForm, F=String("http://example.test"))


def rich_media(document: Pdf) -> None:
    document.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])


def scripted_form(document: Pdf) -> None:
    parts = [b"<xdp:xdp><template><event><scr", b"ipt>app.alert(1)</script></event></template></xdp:xdp>"]
    pieces = [item for part in parts for item in (String("template"), document.make_stream(part))]
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=Array(pieces))


def plain_form(document: Pdf) -> None:
    form = document.make_stream(b"<xdp:xdp><template><field/></template></xdp:xdp>")
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=form)


def attached(name: str, content: bytes) -> Callable[[Pdf], None]:
    def attach(document: Pdf) -> None:
        document.attachments[name] = content

    return attach
