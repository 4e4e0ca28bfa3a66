"""The national vaccination schedule as data, and what it says of a person. Information, never a prescription. Pure."""

from carnet.health.schedule.answers import Answer, answer, answers
from carnet.health.schedule.diseases import Vaccine, diseases, protects
from carnet.health.schedule.edition import Edition, Line, edition_on
from carnet.health.schedule.facts import Dose, NotDone, Person, Why, Withheld
from carnet.health.schedule.said import State, Taken

__all__ = [
    "Answer",
    "Dose",
    "Edition",
    "Line",
    "NotDone",
    "Person",
    "State",
    "Taken",
    "Vaccine",
    "Why",
    "Withheld",
    "answer",
    "answers",
    "diseases",
    "edition_on",
    "protects",
]
