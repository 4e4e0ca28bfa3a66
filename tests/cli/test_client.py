"""`carnet client`, as an operator uses it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from joserfc import jwk

from carnet.kernel import config, database
from carnet.people import client_queries
from tests.api.oauth.software import Software
from tests.conftest import House, carnet

KEY = jwk.ECKey.generate_key("P-384")


def key_file(folder: Path, *, private: bool = False, kid: str = "2026-11") -> str:
    path = folder / f"{kid}.jwk"
    path.write_text(json.dumps({**KEY.as_dict(private=private), "kid": kid}))
    return str(path)


def told(*arguments: str) -> str:
    """What the command says as it refuses."""
    done = carnet("client", *arguments, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip()


def test_from_registration_to_the_end(server: str, tmp_path: Path) -> None:
    name, house = f"suite-{uuid4().hex[:8]}", f"1{uuid4().int % 10**9:09d}"
    options = ("--name", "Logiciel de la suite", "--scope", "system/*.read user/DocumentReference.rs")
    assert "--organisation-name" in told("add", name, "--organisation", house, *options)
    carnet("client", "add", name, "--organisation", house, "--organisation-name", "Clinique", *options)
    assert "déjà prise" in told("add", name, "--organisation", house, *options)
    carnet("client", "key-add", name, key_file(tmp_path))
    assert "déjà une clé de ce nom" in told("key-add", name, key_file(tmp_path))

    client = _Known(server, name)
    assert client.ask().json()["scope"] == "system/*.rs"
    carnet("client", "set", name, "--scope", "system/Patient.s", "--acts-for-professionals")
    assert client.ask().json()["scope"] == "system/Patient.s"

    shown = carnet("client", "list").stdout
    line = next(line for line in shown.splitlines() if line.startswith(name))
    assert line == f"{name}  Logiciel de la suite ({house}), agit pour les professionnels  system/Patient.s"
    assert f"  2026-11  depuis {datetime.now(UTC):%Y-%m-%d}, en cours" in shown

    carnet("client", "key-revoke", name, "2026-11")
    assert client.ask().status_code == 401
    assert "en cours" in told("key-revoke", name, "2026-11")
    carnet("client", "key-add", name, key_file(tmp_path, kid="2026-12"))
    client.kid = "2026-12"
    assert client.ask().status_code == 200
    carnet("client", "disable", name)
    assert client.ask().status_code == 401
    assert _lines(name) == ["add", "key-add", "set", "key-revoke", "key-add", "disable"]
    assert ", désactivé" in carnet("client", "list").stdout


def _lines(name: str) -> list[str]:
    """What the security log keeps of an operator's acts on a client."""
    client = client_queries.client_by_key(name)
    assert client
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select action from trail.line where target_id = %s and target_kind = 'client' and door = 'cli'"
            " order by at",
            (client.id,),
        ).fetchall()
    return [row[0].removeprefix("client-") for row in found]


class _Known(Software):
    """The same client, but registered by the command."""

    def __init__(self, base: str, name: str) -> None:
        self.base, self.name, self.kid, self.algorithm = base, name, "2026-11", "ES384"

    @property
    def key(self) -> jwk.ECKey:
        return KEY


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("40 caractères", ("add", "Pas-Bien", "--name", "x", "--organisation", "1490000123", "--scope", "")),
        ("200 caractères", ("add", "bien", "--name", "x" * 201, "--organisation", "1490000123", "--scope", "")),
        ("caractères impossibles", ("add", "bien", "--name", "x", "--organisation", "1 490", "--scope", "")),
        ("structure a 40", ("add", "bien", "--name", "x", "--organisation", "z" * 41, "--scope", "")),
        ("La portée est illisible", ("set", "labo", "--scope", "tout")),
        ("Donnez --scope", ("set", "labo")),
        ("Aucun logiciel", ("set", "dr-martin", "--scope", "")),
        ("Aucun logiciel", ("disable", "nobody")),
        ("ne se lit pas", ("key-add", "labo", "/nowhere.jwk")),
        ("n'a pas de clé", ("key-revoke", "labo", "none")),
    ],
)
def test_what_the_command_refuses(said: str, arguments: tuple[str, ...], house: House) -> None:
    assert said in told(*arguments)


def test_a_private_key_is_not_taken(house: House, tmp_path: Path) -> None:
    answer = told("key-add", "labo", key_file(tmp_path, private=True))
    assert "clé secrète" in answer
    assert str(KEY.as_dict(private=True)["d"]) not in answer
    labo = client_queries.client_by_key("labo")
    assert labo
    assert client_queries.keys_of([labo.id]) == []


@pytest.mark.parametrize(("until", "said"), [("demain", "AAAA-MM-JJ"), ("2020-01-01", "déjà passée")])
def test_the_end_of_a_key(until: str, said: str, house: House, tmp_path: Path) -> None:
    assert said in told("key-add", "labo", key_file(tmp_path), "--until", until)


def test_the_check_tells_whose_keys_end_soon(server: str, tmp_path: Path) -> None:
    """Until a later key stands beside it."""
    client = Software(server)
    soon = datetime.now(UTC) + timedelta(days=3)
    carnet("client", "key-revoke", client.name, "first")
    carnet("client", "key-add", client.name, key_file(tmp_path, kid="soon"), "--until", f"{soon:%Y-%m-%d}")
    before = carnet("check", check=False)
    assert f"DÉFAUT logiciels : {client.name} : sa dernière clé finit le {soon:%Y-%m-%d}" in before.stdout
    assert before.returncode == 1
    carnet("client", "key-add", client.name, key_file(tmp_path, kid="later"))
    after = carnet("check", check=False).stdout
    assert client.name not in after
