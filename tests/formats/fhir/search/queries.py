"""Searches that have a fair chance to find a given resource: made of what it holds, written in any allowed way."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from carnet.formats.terminology import systems
from tests.formats.fhir.entries import moments, words
from tests.formats.fhir.search import elements, naive

Query = tuple[str, str, str]
"""Parameter, modifier, value."""

_PREFIXES = ("", "eq", "ne", "gt", "ge", "lt", "le", "sa", "eb")
_WIDTHS = (4, 7, 10, 16, 19, 21, 23)
_PARIS = ZoneInfo("Europe/Paris")


def escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in "\\,|$" else each for each in text)


@st.composite
def _written_system(draw: st.DrawFn, system: str) -> str:
    bare = systems.to_oid(system)
    urn = f"urn:oid:{bare}" if bare[:1] in "012" else system
    return draw(st.sampled_from([system, systems.canonical(bare), urn, systems.to_uri(bare), "urn:oid:1.2.3"]))


@st.composite
def tokens(draw: st.DrawFn, resource: elements.Resource, name: str) -> str:
    held = list({**elements.TOKENS, **elements.NUMBERS}[name](resource))
    system, code = draw(st.sampled_from([*held, ("urn:oid:1.2.3", "x")]))
    match draw(st.sampled_from(["code", "both", "both", "system", "none"])):
        case "both" if system:
            return f"{escaped(draw(_written_system(system)))}|{escaped(code)}"
        case "system" if system:
            return f"{escaped(draw(_written_system(system)))}|"
        case "none":
            return f"|{escaped(code)}"
        case _:
            return escaped(code)


@st.composite
def strings(draw: st.DrawFn, resource: elements.Resource, name: str) -> str:
    text = draw(st.sampled_from([*elements.STRINGS[name](resource), "Lefèvre"]) | words)
    start = draw(st.sampled_from([0, 0, 0, 1]))
    text = text[start : start + draw(st.integers(1, 12))]
    text = draw(st.sampled_from([text, text.upper(), text.lower(), f"{text} "]))
    # What leaves nothing to look for is refused: see test_names.
    return escaped(text if naive.simple(text) else "a")


@st.composite
def dates(draw: st.DrawFn, near: list[datetime]) -> str:
    moment = draw(st.sampled_from(near) | moments if near else moments)
    moment += timedelta(milliseconds=draw(st.sampled_from([0, 0, 1, -1, 1000, 60_000, 86_400_000])))
    width = draw(st.sampled_from(_WIDTHS))
    hours = timedelta(hours=3)
    steady = len({(moment + each).astimezone(_PARIS).utcoffset() for each in (-hours, 0 * hours, hours)}) == 1
    if width > 10 and (draw(st.booleans()) or not steady):
        # In the hour that comes twice a value without zone says too little to be compared by its text.
        zone = timezone(timedelta(hours=draw(st.integers(-11, 12))))
        text = moment.astimezone(zone).isoformat(timespec="microseconds")
        return draw(st.sampled_from(_PREFIXES)) + text[:width] + text[-6:]
    text = moment.astimezone(_PARIS).isoformat(timespec="microseconds")
    return draw(st.sampled_from(_PREFIXES)) + text[:width]


@st.composite
def queries(draw: st.DrawFn, resource: elements.Resource, names: tuple[str, ...]) -> Query:
    name = draw(st.sampled_from(names))
    modifier = ""
    if name in elements.TOKENS or name in elements.NUMBERS:
        value = tokens(resource, name)
        if name == "isArchived":
            value = st.sampled_from(["true", "false", "|true"])
        modifier = draw(st.sampled_from(["", "", "not"])) if ":" not in name else ""
    elif name in elements.STRINGS:
        value = strings(resource, name)
        modifier = draw(st.sampled_from(["", "exact", "contains"]))
    elif name in elements.MOMENTS:
        value = dates(list(elements.MOMENTS[name](resource)))
    elif name == "period":
        value = dates([datetime.fromisoformat(each) for each in resource["context"]["period"].values()])
    elif name == "relatesto":
        targets = [each["target"].get("reference", "DocumentReference/none") for each in resource.get("relatesTo", [])]
        value = st.sampled_from([*targets, "DocumentReference/none"])
    elif name == "status":
        value, modifier = st.sampled_from(["current", "entered-in-error"]), draw(st.sampled_from(["", "not"]))
    else:
        value = st.sampled_from([resource["id"], "other"])
    return name, modifier, ",".join(draw(st.lists(value, min_size=1, max_size=3)))
