"""CDA narrative elements written as HTML. What is not known is passed through: its text is never lost."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from lxml import etree

from carnet.formats.cda.body import decode, sniff_image
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.nodes import child, children, text_of
from carnet.formats.cda.sanitise import PREFIX
from carnet.formats.cda.stacked import LONG, column_labels
from carnet.formats.cda.xml import HL7

__all__ = ["Page", "escape", "flow", "identity", "notes"]

_BLOCKS: Final = tuple(HL7 + name for name in ("paragraph", "list", "table"))
_DROPPED: Final = frozenset({"caption", "script", "style", "col", "colgroup"})
_MAX_NESTING: Final = 60
_MAX_SPAN: Final = 1000
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_.-]")
_SPAN = re.compile(r"\d{1,4}", re.ASCII)
_STYLES: Final = {
    "bold": ("strong",),
    "bolditalics": ("strong", "em"),
    "emphasis": ("em",),
    "italics": ("em",),
    "underline": ("u",),
}


def escape(text: str | None) -> str:
    return html.escape(text or "", quote=True)


class Page:
    """What one rendering remembers: identifiers, images, notes, the number of tables so far."""

    def __init__(self, body: etree._Element) -> None:
        self.title = ""
        self.tables = 0
        self.nesting = 0
        self.owners: dict[str, etree._Element] = {}
        self.names: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        for element in body.iter(etree.Element):
            if (own := element.get("ID")) and own not in self.owners:
                self.owners[own] = element
                self.names[own] = f"{PREFIX}id-{len(self.names) + 1}-{_NOT_IN_ID.sub('_', own)[:60]}"
        self.numbers = {each: n for n, each in enumerate(body.iter(HL7 + "footnote"), start=1)}
        self.pending: list[etree._Element] = []


def identity(page: Page, element: etree._Element, language: str = "") -> str:
    """The id and lang attributes, with a blank before; an ID stated twice names the first element only."""
    own = element.get("ID") or ""
    parts = [f' id="{page.names[own]}"'] if page.owners.get(own) is element else []
    language = language or element.get("language") or ""
    return "".join([*parts, f' lang="{escape(language)}"' if language else ""])


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _is_block(element: etree._Element) -> bool:
    return next(element.iter(*_BLOCKS), None) is not None


def flow(page: Page, element: etree._Element, *, wrap: bool = False) -> str:
    """Content that may hold blocks. Loose text becomes a paragraph beside a block, or always with `wrap`."""
    if page.nesting > _MAX_NESTING:
        return escape(" ".join(map(str, element.itertext())))
    page.nesting += 1
    written = "".join(_runs(page, element, wrap=wrap))
    page.nesting -= 1
    return written


def _runs(page: Page, element: etree._Element, *, wrap: bool) -> Iterator[str]:
    wrap = wrap or any(_is_block(each) for each in element)
    run = escape(element.text)
    for each in element:
        if _is_block(each):
            yield _loose(run, wrap=wrap)
            run = ""
            yield _block(page, each)
        else:
            run += _inline_one(page, each)
        run += escape(each.tail)
    yield _loose(run, wrap=wrap)


def _loose(run: str, *, wrap: bool) -> str:
    if not wrap:
        return run
    return f"<p>{run.strip()}</p>" if run.replace("<br>", "").strip() else ""


def _block(page: Page, element: etree._Element) -> str:
    write = _BLOCK_WRITERS.get(_local(element))
    if write:
        return write(page, element)
    # An inline element around blocks: the blocks count.
    return f"<div{identity(page, element)}>{flow(page, element, wrap=True)}</div>"


def _inline(page: Page, element: etree._Element) -> str:
    return flow(page, element)


def _inline_one(page: Page, element: etree._Element) -> str:
    name = _local(element)
    if name in _DROPPED:
        return ""
    write = _INLINE_WRITERS.get(name)
    return write(page, element) if write else _inline(page, element)


def _styled(element: etree._Element, written: str) -> str:
    if not written.strip():
        return written
    for code in (element.get("styleCode") or "").lower().split():
        for tag in _STYLES.get(code, ()):
            written = f"<{tag}>{written}</{tag}>"
    return written


def _paragraph(page: Page, element: etree._Element) -> str:
    inner = list(element)
    tag = "div" if any(_is_block(each) for each in inner) else "p"
    caption = _caption(page, element, "strong")
    body = flow(page, element)
    written = body if tag == "div" else _styled(element, body)
    if not written.strip() and not caption:
        return ""
    return f"<{tag}{identity(page, element)}>{caption}{' ' if caption else ''}{written}</{tag}>"


def _caption(page: Page, element: etree._Element, tag: str) -> str:
    caption = child(element, "caption")
    inner = "" if caption is None else _inline(page, caption).strip()
    return f"<{tag}>{inner}</{tag}>" if inner else ""


def _list(page: Page, element: etree._Element) -> str:
    items = "".join(_item(page, each) for each in children(element, "item"))
    if not items:
        return ""
    tag = "ol" if element.get("listType") == "ordered" else "ul"
    caption = _caption(page, element, "p").replace("<p>", '<p class="cn-caption">', 1)
    return f"{caption}<{tag}{identity(page, element)}>{items}</{tag}>"


def _item(page: Page, element: etree._Element) -> str:
    caption = _caption(page, element, "strong")
    return f"<li{identity(page, element)}>{caption}{' ' if caption else ''}{_styled_flow(page, element)}</li>"


def _styled_flow(page: Page, element: etree._Element) -> str:
    written = flow(page, element)
    return written if any(_is_block(each) for each in element) else _styled(element, written)


def _table(page: Page, element: etree._Element) -> str:
    labels = column_labels(element)
    head = _rows(page, children(element, "thead/tr"), head=True, labels=labels)
    loose = list(children(element, "tr"))
    body = _rows(page, [*children(element, "tbody/tr"), *loose], head=False, first_is_head=not head, labels=labels)
    foot = _rows(page, children(element, "tfoot/tr"), head=False)
    if not (head or body or foot):
        return ""
    page.tables += 1
    caption = child(element, "caption")
    label = " : ".join(filter(None, (f"Tableau {page.tables}", text_of(caption) or page.title)))
    role = _role("rowgroup", labels)
    groups = "".join(
        f"<{tag}{role}>{rows}</{tag}>" for tag, rows in (("thead", head), ("tbody", body), ("tfoot", foot)) if rows
    )
    stacked = ' class="cn-stacked"' + _role("table", labels) if labels else ""
    return (
        f'<div class="cn-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table{stacked}{identity(page, element)}>{_caption(page, element, 'caption')}{groups}</table></div>"
    )


def _rows(
    page: Page,
    rows: Iterator[etree._Element] | list[etree._Element],
    *,
    head: bool,
    first_is_head: bool = False,
    labels: Sequence[str] = (),
) -> str:
    written = []
    for row in rows:
        cells = [each for each in row if _local(each) in {"th", "td"}]
        only_headers = all(_local(each) == "th" for each in cells)
        scope = "col" if head or (only_headers and (first_is_head or len(cells) == 1)) else "row"
        first_is_head = False
        if cells:
            named = labels if len(cells) == len(labels) and not head else [""] * len(cells)
            inner = "".join(
                _cell(page, each, scope, label if labels else None) for each, label in zip(cells, named, strict=False)
            )
            written.append(f"<tr{_role('row', labels)}{identity(page, row)}>{inner}</tr>")
    return "".join(written)


def _role(name: str, labels: Sequence[str]) -> str:
    """What is shown as a stack stays a table for those who hear it."""
    return f' role="{name}"' if labels else ""


def _cell(page: Page, element: etree._Element, scope: str, label: str | None) -> str:
    """`label` is None but in a table that may be shown as a stack."""
    written = _styled_flow(page, element)
    # A header cell without text announces nothing: it is a plain cell.
    tag = "th" if _local(element) == "th" and text_of(element) else "td"
    attributes = identity(page, element) + _span(element, "colspan") + _span(element, "rowspan")
    if tag == "th":
        stated = element.get("scope")
        scope = stated if stated in {"row", "col"} else scope
        attributes += f' scope="{scope}"'
    if label is not None:
        attributes += _stacked(element, {"td": "cell", "th": "columnheader" if scope == "col" else "rowheader"}[tag])
        attributes += f' data-label="{escape(label)}"' if label else ""
    return f"<{tag}{attributes}>{written}</{tag}>"


def _stacked(element: etree._Element, role: str) -> str:
    return f' role="{role}"' + (' class="cn-wide"' if len(text_of(element)) > LONG else "")


def _span(element: etree._Element, name: str) -> str:
    value = (element.get(name) or "").strip()
    number = min(int(value), _MAX_SPAN) if _SPAN.fullmatch(value) else 1
    return f' {name}="{number}"' if number > 1 else ""


def _content(page: Page, element: etree._Element) -> str:
    written = _styled(element, _inline(page, element))
    tag = {"delete": "del", "insert": "ins"}.get(element.get("revised") or "", "span")
    attributes = identity(page, element)
    return f"<{tag}{attributes}>{written}</{tag}>" if attributes or tag != "span" else written


def _plain_tag(tag: str) -> Callable[[Page, etree._Element], str]:
    return lambda page, element: f"<{tag}>{_inline(page, element)}</{tag}>"


def _br(_page: Page, _element: etree._Element) -> str:
    return "<br>"


def _link(page: Page, element: etree._Element) -> str:
    """To a place of this document, or to an https address; any other address is not followed, only shown."""
    href = (element.get("href") or "").strip()
    written = _inline(page, element).strip() or escape(href)
    if href.startswith("#"):
        target = page.names.get(href[1:])
        return f'<a href="#{target}">{written}</a>' if target else written
    if href.lower().startswith("https://") and not re.search(r"\s", href):
        return f'<a href="https://{escape(href[8:])}">{written}</a>'
    if href.lower().startswith(("http://", "https://")) and escape(href) != written:
        return f"{written} ({escape(href)})"
    return written


def _footnote(page: Page, element: etree._Element) -> str:
    number = page.numbers.get(element, 0)
    page.pending.append(element)
    return _call(number, f' id="{PREFIX}call-{number}"')


def _footnote_reference(page: Page, element: etree._Element) -> str:
    number = page.numbers.get(page.owners.get(element.get("IDREF") or "", element), 0)
    return _call(number) if number else ""


def _call(number: int, identity: str = "") -> str:
    return f'<sup><a{identity} href="#{PREFIX}note-{number}" aria-label="Note {number}">[{number}]</a></sup>'


def notes(page: Page) -> str:
    """The notes called since the last time, as a numbered list; a note may call another, which joins them."""
    items = []
    for element in page.pending:
        number = page.numbers.get(element, 0)
        items.append(
            f'<li id="{PREFIX}note-{number}" value="{number}"><span{identity(page, element)}>'
            f"{_inline(page, element)}</span> "
            f'<a href="#{PREFIX}call-{number}" aria-label="Retour à l’appel de la note {number}">↩</a></li>'
        )
    page.pending.clear()
    return f'<ol class="cn-notes">{"".join(items)}</ol>' if items else ""


def _media(page: Page, element: etree._Element) -> str:
    caption = text_of(child(element, "caption"))
    shown = [_one_media(page, name, caption) for name in (element.get("referencedObject") or "").split()]
    note = f' <span class="cn-caption">{escape(caption)}</span>' if caption else ""
    return " ".join(shown) + note


def _one_media(page: Page, name: str, caption: str) -> str:
    """Each image once: a document that repeats one must not multiply it."""
    if name in page.shown:
        return f'<a href="#{page.shown[name]}">Image déjà montrée plus haut</a>'
    owner = page.owners.get(name)
    value = next(owner.iter(HL7 + "value"), None) if owner is not None else None
    if value is None:
        return '<span class="cn-attachment">Image absente du document</span>'
    try:
        content = decode(value)
    except CdaError:
        return '<span class="cn-attachment">Image illisible</span>'
    kind = sniff_image(content)
    if kind is None:
        return '<span class="cn-attachment">Fichier joint au document</span>'
    anchor = page.shown[name] = f"{PREFIX}image-{len(page.shown) + 1}"
    label = " : ".join(filter(None, ("Image", caption or page.title)))
    data = base64.b64encode(content).decode("ascii")
    return f'<img id="{anchor}" alt="{escape(label)}" src="data:{kind};base64,{data}">'


_BLOCK_WRITERS: Final[dict[str, Callable[[Page, etree._Element], str]]] = {
    "paragraph": _paragraph,
    "list": _list,
    "table": _table,
}
_INLINE_WRITERS: Final[dict[str, Callable[[Page, etree._Element], str]]] = {
    "br": _br,
    "content": _content,
    "footnote": _footnote,
    "footnoteRef": _footnote_reference,
    "linkHtml": _link,
    "renderMultiMedia": _media,
    "sub": _plain_tag("sub"),
    "sup": _plain_tag("sup"),
}
