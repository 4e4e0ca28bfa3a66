"""Problems, allergies and acts of a person's history."""

from __future__ import annotations

from datetime import date

from lxml.etree import _Element

from carnet.formats.cda.build.clinical import Act, Allergy, Problem
from carnet.formats.cda.build.codes import SNOMED
from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.entries.common import completed
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import coded, day
from carnet.formats.entry import Coded

_DIAGNOSIS = Coded("282291009", SNOMED, "interprétation diagnostique")


def problem(scope: Scope, fact: Problem, mark: str) -> _Element:
    times = [el("low", value=day(fact.since)), el("high", value=day(fact.end)) if fact.end else None]
    observation = el(
        "observation",
        *template("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5", "1.2.250.1.213.1.1.3.37"),
        el("id", root=scope.id()),
        coded("code", _DIAGNOSIS),
        el("text", scope.pointer(mark)),
        completed(),
        el("effectiveTime", *times),
        coded("value", fact.code, el("originalText", scope.pointer(mark)), xsi_type="CD"),
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )
    statement = _concern(
        scope=scope,
        observation=observation,
        since=fact.since,
        end=fact.end,
        pcc="1.3.6.1.4.1.19376.1.5.3.1.4.5.2",
        ci_sis="39",
    )
    return el("entry", statement)


def allergy(scope: Scope, fact: Allergy, mark: str) -> _Element:
    agent = el(
        "playingEntity",
        coded("code", fact.agent, el("originalText", scope.pointer(mark))),
        el("name", fact.agent.display),
        classCode="MMAT",
    )
    observation = el(
        "observation",
        *template(
            "2.16.840.1.113883.10.20.1.18",
            "2.16.840.1.113883.10.20.1.28",
            "1.3.6.1.4.1.19376.1.5.3.1.4.5",
            "1.3.6.1.4.1.19376.1.5.3.1.4.6",
            "1.2.250.1.213.1.1.3.41",
        ),
        el("id", root=scope.id()),
        coded("code", fact.kind),
        el("text", scope.pointer(mark)),
        completed(),
        el("effectiveTime", el("low", value=day(fact.since))),
        el("value", el("originalText", scope.pointer(mark)), xsi_type="CD"),
        el("participant", el("participantRole", agent, classCode="MANU"), typeCode="CSM"),
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )
    statement = _concern(
        scope=scope,
        observation=observation,
        since=fact.since,
        end=None,
        pcc="1.3.6.1.4.1.19376.1.5.3.1.4.5.3",
        ci_sis="40",
    )
    return el("entry", statement)


def _concern(*, scope: Scope, observation: _Element, since: date, end: date | None, pcc: str, ci_sis: str) -> _Element:
    return el(
        "act",
        *template(
            "2.16.840.1.113883.10.20.1.27",
            "1.3.6.1.4.1.19376.1.5.3.1.4.5.1",
            pcc,
            f"1.2.250.1.213.1.1.3.{ci_sis}",
        ),
        el("id", root=scope.id()),
        el("code", nullFlavor="NA"),
        el("statusCode", code="completed" if end else "active"),
        el("effectiveTime", el("low", value=day(since)), el("high", value=day(end)) if end else None),
        el("entryRelationship", observation, typeCode="SUBJ", inversionInd="false"),
        classCode="ACT",
        moodCode="EVN",
    )


def procedure(scope: Scope, act: Act, mark: str) -> _Element:
    statement = el(
        "procedure",
        *template("1.3.6.1.4.1.19376.1.5.3.1.4.19", "2.16.840.1.113883.10.20.1.29", "1.2.250.1.213.1.1.3.62"),
        el("id", root=scope.id()),
        coded("code", act.code),
        el("text", scope.pointer(mark)),
        completed(),
        el("effectiveTime", value=day(act.at)),
        classCode="PROC",
        moodCode="EVN",
    )
    return el("entry", statement)
