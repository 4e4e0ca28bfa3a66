"""PDF files and pictures written by hand: honest ones and hostile ones."""

from __future__ import annotations

import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def written(*objects: bytes) -> bytes:
    """Object 1 is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.5\n"), list[int]()
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(content), content)


def page(
    content: bytes = b"", *, media: bytes = b"[0 0 595 842]", extra: bytes = b"", more: tuple[bytes, ...] = ()
) -> bytes:
    """One page; `more` are objects 6 and on."""
    entry = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> " % media
    entry += b"/XObject << /X 6 0 R >> >> %s >>" % extra
    return written(_CATALOGUE, _TREE, entry, stream(content), _FONT, *more)


def lines(*texts: str) -> bytes:
    shown = b" Tj T* ".join(b"(" + text.encode("cp1252") + b")" for text in texts)
    return b"BT /F1 12 Tf 64 700 Td 16 TL " + shown + b" Tj ET"


def saved(document: Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    out = BytesIO()
    document.save(out, encryption=encryption or False)
    return out.getvalue()


def blank(pages: int = 1, password: str = "") -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 200))
    return saved(document, pikepdf.Encryption(user=password, owner=password) if password else None)


def filled_form() -> bytes:
    """A field with a value whose look is an annotation."""
    document = pikepdf.open(BytesIO(page(lines("Nom :"))))
    font = Dictionary(F1=document.pages[0].Resources.Font.F1)
    look = document.make_stream(b"BT /F1 12 Tf 2 4 Td (Valeur remplie) Tj ET")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 20])
    look.Resources = Dictionary(Font=font)
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("nom"), V=String("Valeur remplie"), F=4
    )
    field.Rect, field.AP, field.DA = Array([64, 400, 264, 420]), Dictionary(N=look), String("/F1 12 Tf 0 g")
    widget = document.make_indirect(field)
    document.pages[0].Annots = Array([widget])
    document.Root.AcroForm = Dictionary(Fields=Array([widget]), DR=Dictionary(Font=font), DA=String("/F1 12 Tf 0 g"))
    return saved(document)


def bomb() -> bytes:
    """A page of 1 GiB in 2 kB."""
    packed = zlib.compress(zlib.compress(b" " * (1 << 30)))
    return written(
        _CATALOGUE,
        _TREE,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        stream(packed, b"/Filter [/FlateDecode /FlateDecode]"),
    )


def object_bomb() -> bytes:
    """A page tree inside an object stream that unpacks to 1 GiB."""
    packed = zlib.compress(zlib.compress(b"2 0 << /Type /Pages /Kids [] /Count 0 >>" + b" " * (1 << 30)))
    kind = b"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]"
    out = bytearray(b"%PDF-1.5\n")
    places = [0]
    for number, content in ((1, _CATALOGUE), (3, stream(packed, kind))):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    rows = [(0, 0, 0), (1, places[1], 0), (2, 3, 0), (1, places[2], 0), (1, start, 0)]
    table = b"".join(kind.to_bytes(1, "big") + at.to_bytes(4, "big") + b"%c" % more for kind, at, more in rows)
    out += b"4 0 obj\n" + stream(table, b"/Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R") + b"\nendobj\n"
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def endless_forms() -> bytes:
    """Twenty forms, each of which shows the next one ten times."""
    forms = [
        stream(
            b"/X Do " * 10 if number < 25 else b"0 0 9 9 re f",
            b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /X %d 0 R >> >>" % (number + 1),
        )
        for number in range(6, 26)
    ]
    return page(b"/X Do", more=tuple(forms))


def vast_image() -> bytes:
    packed = zlib.compress(bytes(1 << 26))
    kind = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return page(b"q 595 0 0 842 0 0 cm /X Do Q", more=(stream(packed, kind + b" /Filter /FlateDecode"),))


def endless_path() -> bytes:
    return page(b"0 0 m " + b"100 200 l 200 0 l " * 1_500_000 + b" f")


def empty_tree(count: int) -> bytes:
    return written(_CATALOGUE, b"<< /Type /Pages /Kids [] /Count %d >>" % count)


def looping_tree() -> bytes:
    return written(_CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 5 >>")


def picture(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def arrow() -> Image.Image:
    """Lying on its side: its left half is black."""
    image = Image.new("RGB", (600, 400), "white")
    image.paste("black", (0, 0, 300, 400))
    return image
