"""The support's list of reported documents, over HTTP."""

from __future__ import annotations

import re

from tests.web.browsing import browsing, plain

WORDS = "Ma voisine a le même nom, et un diabète."


def test_a_report_reaches_the_support_without_its_words_and_is_closed(server: str) -> None:
    with browsing(server, "nadia") as nadia, browsing(server, "support") as support:
        document = nadia.documents()[0]
        title = re.search(r"<h1[^>]*>(.*?)</h1>", nadia.opens(document).text)
        assert title
        nadia.sends(f"{document}/pas-le-mien", {"acte": "signaler", "mots": WORDS})
        page = support.opens("/console/signalements").text
        assert "Déposé par" in plain(page)
        for secret in (plain(title[1]), "diabète", "Nadia"):
            assert secret not in plain(page)
        (case,) = re.findall(r'name="signalement" value="([^"]+)"', page)
        # Taking it out of the record is asked on a page of its own, which says what follows.
        assert 'value="retirer"' not in page
        asked = support.opens(f"/console/signalements?retirer={case}").text
        assert "vous ne pouvez pas revenir en arrière" in plain(asked)
        assert 'value="retirer"' in asked
        assert document in nadia.documents("/documents?vue=autrui")
        done = support.sends("/console/signalements", {"signalement": case, "acte": "classer"})
        assert "Le signalement est classé." in plain(done.text)
        assert "Aucun document signalé." in plain(done.text)
        nadia.sends(f"{document}/pas-le-mien", {"acte": "reprendre"})
        assert document in nadia.documents()


def test_what_makes_no_sense_does_nothing(server: str) -> None:
    with browsing(server, "nadia") as nadia, browsing(server, "support") as support:
        document = nadia.documents()[0]
        nadia.sends(f"{document}/pas-le-mien", {"acte": "signaler"})
        for sent in ({"signalement": "x", "acte": "retirer"}, {"acte": "x"}):
            assert support.sends("/console/signalements", sent).status_code == 200
        assert "Déposé par" in support.text("/console/signalements")
        nadia.sends(f"{document}/pas-le-mien", {"acte": "reprendre"})
        assert "Déposé par" not in support.text("/console/signalements")
