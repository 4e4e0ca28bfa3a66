"""« Être averti par courriel », over real HTTP."""

from __future__ import annotations

import re

from carnet.demo.cast import actor_id
from carnet.notify.models import Contact
from tests.web.patient.browsing import token, visiting
from tests.web.patient.test_disputing import text_of

PAGE = "/confidentialite/avertissements"


def test_an_address_is_given_corrected_and_erased(server: str) -> None:
    with visiting(server, "jean") as jean:
        form = {"csrfmiddlewaretoken": token(jean.get(PAGE).text), "acte": "choisir", "quoi": ["emergency"]}
        wrong = jean.post(PAGE, data=form | {"courriel": "jean@"})
        assert wrong.status_code == 422
        assert "Écrivez une adresse complète" in text_of(wrong)
        assert 'value="jean@"' in wrong.text
        right = jean.post(PAGE, data=form | {"courriel": "jean@exemple.fr"}, follow_redirects=True)
        assert "Ce Carnet n'envoie aucun courriel." in text_of(right)
        late = jean.get(f"{PAGE}/confirmer", params={"jeton": "rien"})
        answer = jean.post(
            f"{PAGE}/confirmer", data={"csrfmiddlewaretoken": token(late.text), "jeton": "rien"}, follow_redirects=True
        )
        assert "Ce lien ne vaut plus" in text_of(answer)
        gone = jean.post(PAGE, data=form | {"acte": "effacer"}, follow_redirects=True)
        assert "Votre adresse est effacée" in text_of(gone)
        assert "jean@exemple.fr" not in gone.text


def test_who_chooses_in_english_is_written_to_in_english_from_then_on(server: str) -> None:
    with visiting(server, "jean") as jean:
        page = jean.get(PAGE).text
        assert re.search(r'value="first-access" checked', page), "a first access is told unless one says no"
        form = {"csrfmiddlewaretoken": token(page), "acte": "choisir", "quoi": ["first-access"]}
        for language in ("en", "fr"):
            jean.get(f"/langue/{language}")
            jean.post(PAGE, data=form | {"courriel": "jean@exemple.fr"})
            kept = Contact.objects.get(person_id=actor_id("jean"))
            assert (kept.language, kept.kinds) == (language, ["first-access"])
        jean.post(PAGE, data=form | {"acte": "effacer"})
