"""The narratives of a FHIR document as an HTML fragment, in the vocabulary of a CDA's (`formats.cda.sanitise`).

Of a Composition its own text and its sections', which by the standard tell all that it says; without one, the texts of
all resources. The XHTML of a document is not cleaned but written anew: no attribute of it is copied.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

import orjson
from lxml import etree

from carnet.formats.cda.blocks import escape
from carnet.formats.cda.sanitise import sanitise
from carnet.formats.fhir.loose import as_list, as_object, as_text, tellers

__all__ = ["to_html"]

_FIRST_HEADING: Final = 2
_LAST_HEADING: Final = 6
_MAX_DEPTH: Final = 40
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
_SAME: Final = frozenset(
    {"p", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "br"}
    | {"strong", "em", "sub", "sup", "u", "del", "ins"}
)
_ALIKE: Final = {"b": "strong", "i": "em", "dl": "div", "dt": "p", "dd": "p", "pre": "p", "blockquote": "div"}
_BLOCKS: Final = frozenset({"div", "section", "article"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DROPPED: Final = frozenset({"script", "style", "head", "title", "iframe", "object", "form", "svg", "math", "template"})


def to_html(data: bytes) -> str:
    """One `<div class="cn-narrative" lang="…">`; "" when the file is no JSON or tells nothing in words."""
    try:
        resources = tellers(orjson.loads(data.removeprefix(b"\xef\xbb\xbf")))
    except orjson.JSONDecodeError:
        return ""
    page = _Page()
    body = "".join(page.section(each, "", _FIRST_HEADING, 0) for each in resources)
    language = escape(as_text(resources[0].get("language")) or "fr")
    return sanitise(f'<div class="cn-narrative" lang="{language}">{body}</div>') if body else ""


class _Page:
    def __init__(self) -> None:
        self._tables = 0
        self._title = ""

    def section(self, holder: dict[str, Any], title: str, level: int, depth: int) -> str:
        self._title = title
        text = as_text(as_object(holder.get("text")).get("div"))
        below = min(level + 1, _LAST_HEADING) if title else level
        body = self._text(text, below)
        if depth < _MAX_DEPTH:
            for each in map(as_object, as_list(holder.get("section"))):
                body += self.section(each, as_text(each.get("title")), below, depth + 1)
        if not body:
            return ""
        heading = f"<h{level}>{escape(title)}</h{level}>" if title else ""
        return f"<section>{heading}{body}</section>"

    def _text(self, div: str, level: int) -> str:
        words = html.unescape(_ANY_TAG.sub(" ", div))
        if not words.strip():
            return ""
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(div.encode(errors="replace"), parser)
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None or parser.error_log.filter_from_fatals():
            # Nested deeper than the parser goes: the words alone.
            return f"<p>{escape(words)}</p>"
        return "".join(self._children(root, level, 0))

    def _children(self, element: etree._Element, level: int, depth: int) -> Iterator[str]:
        yield escape(element.text)
        for each in element:
            if isinstance(each.tag, str):
                yield self._element(each, level, depth)
            yield escape(each.tail)

    def _element(self, element: etree._Element, level: int, depth: int) -> str:
        name = str(element.tag)
        if name in _DROPPED:
            return ""
        if name == "br":
            return "<br>"
        if depth > _MAX_DEPTH:
            return escape(" ".join(map(str, element.itertext())))
        inner = "".join(self._children(element, level, depth + 1))
        if name in _HEADINGS:
            return f"<h{level}>{inner}</h{level}>" if inner.strip() else ""
        if name == "table":
            return self._table(inner)
        if name in _SAME or name in _ALIKE:
            tag = _ALIKE.get(name, name)
            return f"<{tag}{_spans(element)}>{inner}</{tag}>"
        return f"<div>{inner}</div>" if name in _BLOCKS and inner.strip() else inner

    def _table(self, rows: str) -> str:
        if not rows.strip():
            return ""
        self._tables += 1
        label = " : ".join(filter(None, (f"Tableau {self._tables}", self._title)))
        attributes = f'tabindex="0" role="region" aria-label="{escape(label)}"'
        return f'<div class="cn-scroll" {attributes}><table>{rows}</table></div>'


def _spans(element: etree._Element) -> str:
    """What a cell covers; `sanitise` judges the numbers."""
    if element.tag not in {"td", "th"}:
        return ""
    return "".join(
        f' {name}="{escape(value)}"' for name in ("colspan", "rowspan") if (value := element.get(name)) is not None
    )
