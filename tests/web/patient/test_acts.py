"""Masking, arranging and reporting over HTTP, with Jean, whose documents are left as they were found."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.web.browsing import Browsing, browsing, plain


@pytest.fixture
def jean(server: str) -> Iterator[Browsing]:
    with browsing(server, "jean") as found:
        yield found


def test_the_consequence_is_said_first_and_the_act_is_undone(jean: Browsing) -> None:
    document = jean.documents()[2]
    address = f"{document}/visibilite"
    said = jean.text(address)
    assert "Si vous le masquez : votre médecin traitant, qui le remplace ou l'assiste, et l'auteur du document" in said
    answer = jean.sends(address, {"acte": "masquer"}, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?fait=masquer")
    after = jean.opens(f"{address}?fait=masquer").text
    assert "Le document est masqué." in plain(after)
    assert 'name="acte" value="montrer"' in after
    assert document in jean.documents("/documents?masques=1")
    assert "Masqué" in plain(jean.opens(document).text)
    jean.sends(address, {"acte": "montrer"})
    assert document not in jean.documents("/documents?masques=1")
    # An address that says what is not so is not believed.
    assert "Le document est masqué." not in jean.text(f"{address}?fait=masquer")


def test_an_act_that_is_none_shows_the_page_again(jean: Browsing) -> None:
    address = f"{jean.documents()[2]}/visibilite"
    assert jean.sends(address, {"acte": "x"}).status_code == 422


def test_an_adult_is_not_asked_about_parents(jean: Browsing) -> None:
    assert "Vos représentants" not in jean.text(f"{jean.documents()[2]}/visibilite")


def test_a_minor_hides_a_document_from_the_parents_and_shows_it_again(server: str) -> None:
    with browsing(server, "hugo") as hugo:
        open_ones = [each for each in hugo.documents() if "Caché" not in hugo.text(each)]
        address = f"{open_ones[0]}/visibilite"
        assert "Vos parents, eux, ne verront plus rien" in hugo.text(address)
        assert "Vos parents ne voient pas ce document" in plain(hugo.sends(address, {"acte": "cacher"}).text)
        assert "Caché à vos parents" in hugo.text(open_ones[0])
        assert "Vos parents, s'ils suivent ce carnet" in plain(hugo.sends(address, {"acte": "confier"}).text)


def test_a_document_is_arranged_and_found_by_its_place(jean: Browsing) -> None:
    document = jean.documents()[1]
    address = f"{document}/classer"
    sent = {"classeur": "nouveau", "nom": "Mon cœur", "etiquettes": "à montrer, <b>suivi</b>", "epingle": "1"}
    assert "C'est rangé." in plain(jean.sends(address, sent).text)
    listing = jean.opens("/documents").text
    assert "<b>suivi" not in listing
    row = next(each for each in listing.split("<li ") if document in each)
    assert "Classeur : Mon cœur" in plain(row)
    assert "Étiquette : à montrer" in plain(row)
    for name in ("Mon cœur", "à montrer", "Épinglés"):
        link = next(
            href
            for href, text in re.findall(r'<a class="cn-chip" id="[^"]+" href="([^"]+)"[^>]*>(.*?)</a>', listing)
            if name in plain(text)
        )
        assert jean.documents(link.replace("&amp;", "&")) == [document], name
    folder = re.search(r"/documents\?classeur=([0-9a-f-]{36})", listing)
    assert folder
    place = f"/classeurs/{folder[1]}"
    assert jean.sends(place, {"acte": "renommer", "nom": " "}).status_code == 422
    assert "Cardio" in plain(jean.sends(place, {"acte": "renommer", "nom": "Cardio"}).text)
    jean.sends(place, {"acte": "retirer"})
    assert jean.opens(place).status_code == 404
    jean.sends(address, {"classeur": "", "etiquettes": ""})
    assert document in jean.documents()
    assert "Épinglés" not in jean.text("/documents")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"classeur": "nouveau", "nom": " "}, "Donnez un nom au classeur"),
        ({"classeur": "nouveau", "nom": "x" * 51}, "Choisissez un nom de 50 caractères au plus"),
        ({"classeur": "x"}, "Choisissez un classeur de la liste"),
        ({"etiquettes": "x" * 31}, "Chaque étiquette a 30 caractères au plus"),
        ({"etiquettes": ",".join(f"t{n}" for n in range(11))}, "Gardez 10 étiquettes au plus"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(jean: Browsing, sent: dict[str, str], said: str) -> None:
    answer = jean.sends(f"{jean.documents()[1]}/classer", {"epingle": "1"} | sent)
    assert answer.status_code == 422
    assert plain(answer.text).count(said) == 2  # in the summary, and at the field
    typed = next(value for name, value in sent.items() if name != "classeur" or value == "x")
    assert typed.strip() in answer.text
    assert 'id="epingle" name="epingle" type="checkbox" value="1" checked' in answer.text


def test_a_document_of_somebody_else_is_reported_and_taken_back(jean: Browsing) -> None:
    document = jean.documents()[0]
    address = f"{document}/pas-le-mien"
    too_long = jean.sends(address, {"acte": "signaler", "mots": "x" * 1001})
    assert too_long.status_code == 422
    assert "il y en a 1001" in plain(too_long.text)
    done = jean.sends(address, {"acte": "signaler", "mots": "Je n'étais\r\npas là." + "x" * 980})
    assert "Ce document n'est plus dans votre liste." in plain(done.text)
    assert document not in jean.documents()
    assert jean.documents("/documents?vue=autrui") == [document]
    assert "de nouveau dans votre liste" in plain(jean.sends(address, {"acte": "reprendre"}).text)
    assert document in jean.documents()


def test_acts_stand_in_the_list_of_accesses(jean: Browsing) -> None:
    document = jean.documents()[0]
    jean.sends(f"{document}/classer", {"etiquettes": ""})
    assert "Vous avez rangé «" in jean.text("/acces?qui=moi")
