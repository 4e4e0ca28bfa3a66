"""The table of cases (`cases/*.txt`): what is given to the schedule, and what it is expected to say."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from carnet.health.schedule import Answer, Dose, NotDone, Person, Withheld, answer, edition_on

FOLDER = Path(__file__).parent / "cases"
DTP = "diphtheria tetanus polio"
ACWY = "meningococcus_a meningococcus_c meningococcus_w meningococcus_y"
VACCINES = {
    "hexa": f"{DTP} pertussis hib hepatitis_b",
    "dtcap": f"{DTP} pertussis",
    "dtp": DTP,
    "pneumo": "pneumococcus",
    "pcv": "pneumococcus",
    "pcv13": "pneumococcus",
    "pcv20": "pneumococcus",
    "ppv23": "pneumococcus",
    "menb": "meningococcus_b",
    "menc": "meningococcus_c",
    "acwy": ACWY,
    "ror": "measles mumps rubella",
    "rota": "rotavirus",
    "rotarix": "rotavirus",
    "rotateq": "rotavirus",
    "hpv": "hpv",
    "hepb": "hepatitis_b",
    "hepa": "hepatitis_a",
    "flu": "influenza",
    "covid": "covid19",
    "zona": "zoster",
    "zostavax": "zoster",
    "vrs": "rsv",
    "bcg": "tuberculosis",
    "var": "varicella",
    "yf": "yellow_fever",
    "dengue": "dengue",
}
TAGS = {
    "pcv": "pneumo_conjugate",
    "pcv13": "pneumo13",
    "pcv20": "pneumo20",
    "ppv23": "pneumo23",
    "rotarix": "rotavirus2",
    "rotateq": "rotavirus3",
    "zona": "zoster_recombinant",
    "zostavax": "zoster_live",
}
COMPULSORY = {"yes": True, "no": False, "differs": None}


@dataclass(frozen=True)
class Case:
    """One line of the table; `expected` begins with the state."""

    id: str
    person: Person
    doses: tuple[Dose, ...]
    not_done: tuple[NotDone, ...]
    disease: str
    today: date
    expected: tuple[str, ...]
    reason: str = field(repr=False)

    def ask(self) -> Answer:
        return answer(edition_on(self.today), self.disease, self.person, self.doses, self.today, self.not_done)

    def faults(self) -> list[str]:
        said = self.ask()
        state, *rest = self.expected
        wanted = [("state", state), *zip(rest[::2], rest[1::2], strict=True)]
        return [f"{name}: {each} expected" for name, each in wanted if not _holds(said, name, each)]


def _holds(said: Answer, name: str, wanted: str) -> bool:
    if name in {"since", "next", "by"}:
        return {"since": said.since, "next": said.soonest, "by": said.until}[name] == date.fromisoformat(wanted)
    told = {
        "state": said.state.value,
        "dose": f"{said.number}/{said.of}",
        "line": said.line.id if said.line else "",
    }
    if name in told:
        return told[name] == wanted
    if name == "compulsory":
        return said.compulsory is COMPULSORY[wanted]
    many = {"why": {each.why.value for each in said.doses if each.why}, "doubt": set(said.doubts)}
    return wanted in many[name]


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        situation = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.startswith("  "):
                yield _case(f"{path.stem}-{number}", situation, line)
            elif line and not line.startswith("#"):
                situation = line


def _case(id_: str, situation: str, line: str) -> Case:
    who, given, disease = (part.strip() for part in situation.split("|"))
    stated, reason = line.split(" -- ")
    today, *expected = stated.split()
    told = [] if given == "nothing" else [each.strip() for each in given.split(",")]
    return Case(
        id=id_,
        person=person(who),
        doses=tuple(dose(each, str(number)) for number, each in enumerate(told) if not each.startswith("!")),
        not_done=tuple(not_done(each) for each in told if each.startswith("!")),
        disease=disease,
        today=date.fromisoformat(today),
        expected=tuple(expected),
        reason=reason.strip(),
    )


def person(told: str) -> Person:
    born, *rest = told.split()
    began = next((each.removeprefix("pregnant:") for each in rest if each.startswith("pregnant:")), "")
    return Person(
        born=date.fromisoformat(born),
        sex={"m": "male", "f": "female"}.get(next((each for each in rest if each in "mf"), ""), ""),
        yes=frozenset(each[1:] for each in rest if each[0] == "+"),
        no=frozenset(each[1:] for each in rest if each[0] == "-"),
        pregnant_since=date.fromisoformat(began) if began else None,
    )


def dose(told: str, key: str = "") -> Dose:
    """`ror 2027-01-10`, `ror 1996`, `ror ?`"""
    name, when = told.split()
    first, last = days(when)
    return Dose(
        diseases=frozenset(VACCINES[name].split()),
        first=first,
        last=last,
        tags=frozenset(TAGS.get(name, "").split()),
        key=key,
    )


def not_done(told: str) -> NotDone:
    reason, name, when = told[1:].split()
    return NotDone(frozenset(VACCINES[name].split()), Withheld(reason), days(when)[0])


def days(told: str) -> tuple[date | None, date | None]:
    if told == "?":
        return None, None
    year, month, day = [*map(int, told.split("-")), 0, 0][:3]
    last_month = month or 12
    last_day = day or calendar.monthrange(year, last_month)[1]
    return date(year, month or 1, day or 1), date(year, last_month, last_day)
