"""The last gate before narrative reaches a browser: an explicit list of what may pass, nothing else."""

from __future__ import annotations

import re
from typing import Final

import nh3

__all__ = ["ATTRIBUTES", "CLASSES", "PREFIX", "TAGS", "sanitise"]

PREFIX: Final = "cda-"
_STRUCTURE: Final = {"br", "div", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "section", "span", "ul"}
_TABLE: Final = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_TEXT: Final = {"a", "del", "em", "img", "ins", "strong", "sub", "sup", "u"}
TAGS: Final = frozenset(_STRUCTURE | _TABLE | _TEXT)
CLASSES: Final = frozenset(
    {"cn-attachment", "cn-caption", "cn-narrative", "cn-notes", "cn-scroll", "cn-stacked", "cn-wide"}
)
ATTRIBUTES: Final = {
    "*": {"id", "lang"},
    "a": {"aria-label", "href"},
    "div": {"aria-label", "class", "role", "tabindex"},
    "img": {"alt", "src"},
    "li": {"value"},
    "ol": {"class"},
    "p": {"class"},
    "span": {"class"},
    "table": {"class", "role"},
    "tbody": {"role"},
    "td": {"class", "colspan", "data-label", "role", "rowspan"},
    "th": {"class", "colspan", "data-label", "role", "rowspan", "scope"},
    "thead": {"role"},
    "tr": {"role"},
}
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_VALUES: Final = {
    "class": re.compile("|".join(sorted(CLASSES))),
    "colspan": _NUMBER,
    "href": re.compile(rf"#{PREFIX}[\w.-]+|https://[^\s]+", re.ASCII),
    "id": re.compile(rf"{PREFIX}[\w.-]+", re.ASCII),
    "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    "role": re.compile("region|table|rowgroup|row|cell|columnheader|rowheader"),
    "rowspan": _NUMBER,
    "scope": re.compile("row|col"),
    "src": re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/]+={0,2}"),
    "tabindex": re.compile("0"),
    "value": _NUMBER,
}


def sanitise(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"https", "data"},
        link_rel="noopener noreferrer",
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    pattern = _VALUES.get(name)
    return value if pattern is None or pattern.fullmatch(value) else None
