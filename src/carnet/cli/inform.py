"""`carnet inform`: notes that somebody has been told of their record to come, and gives the code of their letter."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.config import Config

NAME: Final = "inform"
HELP: Final = "note qu'une personne a été informée de l'ouverture de son carnet, et donne le code de sa lettre"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ins", metavar="INS", help="matricule INS, clé comprise (15 caractères)")
    parser.add_argument("family", metavar="NOM", help="nom de naissance")
    parser.add_argument("given", metavar="PRÉNOM", help="premier prénom de naissance")
    parser.add_argument("birth", metavar="NAISSANCE", help="date de naissance, comme 1985-01-12")
    parser.add_argument("--sex", choices=("F", "M", "U"), default="U", help="F, M ou U (inconnu)")


def run(args: Namespace, config: Config) -> int:
    from carnet.kernel.actor import SYSTEM
    from carnet.kernel.db.constraints import Violation
    from carnet.records.letters import inform
    from carnet.records.numbers import NotAnIns, system_of, whole
    from carnet.records.rules import Identity

    try:
        oid, ins = system_of(args.ins), whole(args.ins)
        who = Identity(oid, ins, args.family, args.given, sex=args.sex, birth_date=args.birth)
        with context.use("cli"):
            told = inform(SYSTEM, identity=who)
    except NotAnIns:
        raise CommandError("Ce matricule n'a pas 15 caractères, ou sa clé n'est pas la bonne.") from None
    except Violation as refused:
        raise CommandError(refused.message) from None
    print(f"Code de la lettre : {told.code}")
    print(f"Sans refus, le carnet s'ouvre le {told.opens_at:%Y-%m-%d}. Refus en ligne : {config.public_url}/opposition")
    return 0
