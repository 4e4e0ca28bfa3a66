"""What the usual analyses measure, in one plain sentence each: what it is, never what a value of it would mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.web.i18n import gettext
from carnet.web.words import marked

__all__ = ["SAID", "explained"]

_LIVER: Final = marked("Une enzyme présente surtout dans le foie.")
_RED: Final = marked("Les globules rouges, qui transportent l'oxygène.")
_KIDNEYS: Final = marked("Une estimation du travail des reins, d'après la créatinine, l'âge et le sexe.")
_HEART: Final = marked("Une protéine du muscle du cœur.")
_STRAINED: Final = marked("Une hormone que le cœur fabrique quand il travaille sous tension.")
_INFLAMMATION: Final = marked("Une protéine du foie, dont le taux suit les inflammations et les infections.")

SAID: Final[Mapping[str, str]] = {
    "leukocytes": marked("Les globules blancs, qui défendent contre les infections."),
    "erythrocytes": _RED,
    "haemoglobin": marked("Ce qui transporte l'oxygène dans les globules rouges."),
    "haematocrit": marked("La part des globules rouges dans le sang."),
    "mcv": marked("La taille moyenne des globules rouges."),
    "platelets": marked("Les cellules du sang qui aident à arrêter un saignement."),
    "inr": marked("Le temps que met le sang à coaguler, comparé à un sang de référence."),
    "prothrombin_percent": marked("La vitesse à laquelle le sang coagule, comparée à un sang de référence."),
    "sodium": marked("Un sel minéral, lié à la quantité d'eau dans le corps."),
    "potassium": marked("Un sel minéral dont le cœur et les muscles ont besoin."),
    "calcium": marked("Un minéral des os, dont les muscles et les nerfs ont besoin."),
    "urate": marked("Un déchet que les reins éliminent."),
    "urea": marked("Un déchet des protéines, que les reins éliminent."),
    "creatinine": marked("Un déchet des muscles, que les reins éliminent."),
    "egfr_ckdepi": _KIDNEYS,
    "egfr_mdrd": _KIDNEYS,
    "alt": _LIVER,
    "ast": marked("Une enzyme présente dans le foie, le cœur et les muscles."),
    "ggt": marked("Une enzyme présente dans le foie et les voies de la bile."),
    "alp": marked("Une enzyme présente dans le foie et les os."),
    "bilirubin_total": marked("Un pigment jaune, issu des globules rouges, que le foie élimine."),
    "cholesterol": marked("Une graisse du sang, toutes ses formes réunies."),
    "cholesterol_hdl": marked("Le cholestérol que le sang ramène vers le foie."),
    "cholesterol_ldl": marked("Le cholestérol que le sang apporte aux organes."),
    "triglycerides": marked("Des graisses du sang, réserve d'énergie du corps."),
    "glucose": marked("Le sucre dans le sang."),
    "glucose_fasting": marked("Le sucre dans le sang, à jeun."),
    "hba1c": marked("Reflet du sucre dans le sang au cours des deux à trois derniers mois."),
    "ferritin": marked("Reflet des réserves de fer du corps."),
    "vitamin_d": marked("Une vitamine dont les os ont besoin, que la peau fabrique au soleil."),
    "vitamin_b12": marked("Une vitamine dont le sang et les nerfs ont besoin."),
    "folate": marked("La vitamine B9, dont le corps a besoin pour fabriquer ses cellules."),
    "crp": _INFLAMMATION,
    "crp_high_sensitivity": _INFLAMMATION,
    "albumin": marked("La protéine la plus abondante du sang, que le foie fabrique."),
    "troponin_t_hs": _HEART,
    "troponin_i_hs": _HEART,
    "bnp": _STRAINED,
    "nt_probnp": _STRAINED,
    "tsh": marked("L'hormone qui règle le travail de la thyroïde."),
    "t4_free": marked("Une hormone de la thyroïde : sa part libre dans le sang."),
    "t3_free": marked("Une hormone de la thyroïde : sa part libre dans le sang."),
    "tpo_antibodies": marked("Des anticorps dirigés contre la thyroïde."),
    "psa": marked("Une protéine que fabrique la prostate."),
}


def explained(analyte: str) -> str:
    """ "" for those of which Carnet says nothing."""
    return gettext(SAID[analyte]) if analyte in SAID else ""
