"""`carnet inform`: notes that somebody has been told of their record to come, and gives the code of their letter."""

from __future__ import annotations

import csv
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carnet.cli import lines
from carnet.cli.errors import CommandError
from carnet.formats.lines import Kind, Line, LineRefused
from carnet.kernel import context
from carnet.kernel.actor import SYSTEM
from carnet.kernel.config import Config
from carnet.records.rules import Identity
from carnet.records.traits import Odd, known_whole, odd

if TYPE_CHECKING:
    from carnet.records.letters import Told

NAME: Final = "inform"
HELP: Final = "note qu'une personne a été informée de l'ouverture de son carnet, et donne le code de sa lettre"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


_KIND: Final = "inform"
_HEAD: Final = ("ins", "code", "opens_at")
_ODD: Final = {
    Odd.GIVENS: "Tous les prénoms commencent par le premier prénom, dans l'ordre de l'état civil.",
    Odd.PLACE: "Le lieu de naissance est un code INSEE de 5 caractères : 51215, ou 99350 pour un pays.",
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ins", nargs="?", metavar="INS", help="matricule INS, clé comprise (15 caractères)")
    parser.add_argument("family", nargs="?", metavar="NOM", help="nom de naissance")
    parser.add_argument("given", nargs="?", metavar="PRÉNOM", help="premier prénom de naissance")
    parser.add_argument("birth", nargs="?", metavar="NAISSANCE", help="date de naissance, comme 1985-01-12")
    parser.add_argument("--sex", choices=("F", "M", "U"), default="U", help="F, M ou U (inconnu)")
    parser.add_argument("--givens", default="", metavar="PRÉNOMS", help="tous les prénoms de naissance, dans l'ordre")
    parser.add_argument(
        "--birthplace", default="", metavar="CODE", help="code INSEE de la commune, ou du pays, de naissance"
    )
    parser.add_argument("--file", type=Path, metavar="FICHIER", help="une personne par ligne (docs/operate/inform.md)")
    parser.add_argument("--codes", type=Path, metavar="FICHIER", help="où écrire les codes des lettres, avec --file")


def run(args: Namespace, config: Config) -> int:
    one = (args.ins, args.family, args.given, args.birth)
    if args.file is not None:
        if args.codes is None or any(one):
            raise CommandError("Avec --file, dites où écrire les codes (--codes FICHIER), et rien d'autre.")
        return _each_of(args.file, args.codes)
    if not all(one):
        raise CommandError("Donnez INS, NOM, PRÉNOM et NAISSANCE, ou --file FICHIER.")
    return _one(args, config)


def _one(args: Namespace, config: Config) -> int:
    from carnet.kernel.db.constraints import Violation

    names = args.family, args.given, args.givens
    try:
        who = _identity(args.ins, names, sex=args.sex, birth=args.birth, place=args.birthplace)
        with context.use("cli"):
            told = _told(who)
    except LineRefused as refused:
        raise CommandError(refused.message) from None
    except Violation as refused:
        raise CommandError(refused.message) from None
    print(f"Code de la lettre : {told.code}")
    print(f"Sans refus, le carnet s'ouvre le {told.opens_at:%Y-%m-%d}. Refus en ligne : {config.public_url}/opposition")
    if not known_whole(who):
        missing = "Sans tous ses prénoms, son sexe et son lieu de naissance, la personne ne pourra pas se connecter par"
        print(f"{missing} son fournisseur d'identité (--givens, --sex, --birthplace).", file=sys.stderr)
    return 0


def _each_of(path: Path, codes: Path) -> int:
    """A code is written as soon as the person is noted; the file is new, and for its owner alone."""
    try:
        descriptor = os.open(codes, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"Le fichier {codes} ne peut pas être créé ({error.strerror}).") from None
    kind = Kind(frozenset({"ins", "family", "given", "birth_date"}), frozenset({"givens", "sex", "birth_place"}))
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out, context.use("cli"):
        writer = csv.writer(out, delimiter=";")
        writer.writerow(_HEAD)

        def act(line: Line) -> bool:
            told = _told(_of(line))
            writer.writerow((line.text("ins"), told.code, f"{told.opens_at:%Y-%m-%d}"))
            out.flush()
            return True

        return lines.follow(path, {_KIND: kind}, act)


def _of(line: Line) -> Identity:
    names = line.text("family", 100), line.text("given", 100), line.text("givens")
    sex = line.one_of("sex", ("F", "M", "U"), "U")
    return _identity(
        line.text("ins"), names, sex=sex, birth=line.text("birth_date", 10), place=line.text("birth_place")
    )


def _identity(number: str, names: tuple[str, str, str], *, sex: str, birth: str, place: str) -> Identity:
    """Raises `LineRefused`, which repeats no value."""
    from carnet.records.numbers import NotAnIns, system_of, whole

    family, given, givens = names
    try:
        oid, ins = system_of(number), whole(number)
    except NotAnIns:
        message = "Ce matricule n'a pas 15 caractères, ou sa clé n'est pas la bonne."
        raise LineRefused("not-an-ins", message) from None
    who = Identity(oid, ins, family, given, givens, sex=sex, birth_date=birth, birth_place=place.upper())
    if wrong := odd(who):
        raise LineRefused(wrong.value, _ODD[wrong])
    return who


def _told(who: Identity) -> Told:
    from carnet.records.letters import inform

    return inform(SYSTEM, identity=who)
