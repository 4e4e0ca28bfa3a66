"""What an operator is told of the levels that acts ask for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from carnet.kernel.checks import Result
from carnet.kernel.config import Config
from carnet.web import checks
from carnet.web.auth.assurance import Deed
from tests.web.test_providers import a_table


def told(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> list[tuple[bool, str]]:
    known: Config = replace(settings.CARNET, **changes)
    monkeypatch.setattr(settings, "CARNET", known)
    found = checks.levels(known, False)  # noqa: FBT003  (the shape of a check)
    assert not isinstance(found, Result)
    return [(each.ok, each.text) for each in found]


def test_the_house_has_a_table_that_its_providers_can_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch) == [(True, "8 actes sensibles")]


def test_an_act_that_nobody_could_do_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = a_table(tmp_path, Deed.ERASE, Deed.CLOSE)
    assert told(monkeypatch, assurance_file=table) == [(True, "8 actes sensibles")]
    found = told(monkeypatch, assurance_file=table, patient_oidc_levels=("eidas2",))
    assert found == [(False, "effacer, fermer : demandent plus que eidas2, le plus haut accepté")]
    (outcome,) = told(monkeypatch, assurance_file=None, patient_oidc_levels=("gold",))
    assert outcome[0] is False
    assert "aucun niveau connu" in outcome[1]


@pytest.mark.parametrize("text", ["", "[]", orjson.dumps({"levels": {}, "deeds": {}}).decode()])
def test_a_table_that_is_none_is_told(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    path.write_text(text)
    (outcome,) = told(monkeypatch, assurance_file=path)
    assert outcome[0] is False
    assert outcome[1].startswith("CARNET_ASSURANCE_FILE")


def test_a_table_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (outcome,) = told(monkeypatch, assurance_file=tmp_path / "none.json")
    assert "ne se lit pas" in outcome[1]
