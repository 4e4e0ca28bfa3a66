"""Elements of the HL7 v3 namespace, written shortly."""

from __future__ import annotations

from typing import cast

from lxml.etree import Element, _Element

V3 = "urn:hl7-org:v3"
LAB = "urn:oid:1.3.6.1.4.1.19376.1.3.2"
PHARM = "urn:ihe:pharm:medication"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The stubs of lxml do not know the default namespace, whose prefix is None.
NAMESPACES = cast("dict[str, str]", {None: V3, "lab": LAB, "pharm": PHARM, "xsi": XSI})

Child = _Element | str | None


def el(name: str, *children: Child, **attributes: str) -> _Element:
    """`el("value", xsi_type="PQ", value="7")`. A prefix is written `pharm_name`, None is skipped."""
    element = Element(_qualified(name), nsmap=NAMESPACES)
    for key, value in attributes.items():
        element.set(f"{{{XSI}}}type" if key == "xsi_type" else key.rstrip("_"), value)
    last: _Element | None = None
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            _write(element, last, child)
        else:
            element.append(child)
            last = child
    return element


def template(*roots: str) -> list[_Element]:
    return [el("templateId", root=root) for root in roots]


def _qualified(name: str) -> str:
    prefix, _, local = name.partition("_")
    if local and prefix in {"lab", "pharm"}:
        return f"{{{LAB if prefix == 'lab' else PHARM}}}{local}"
    return f"{{{V3}}}{name}"


def _write(parent: _Element, last: _Element | None, text: str) -> None:
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
