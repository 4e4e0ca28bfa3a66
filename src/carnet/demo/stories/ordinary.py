"""Three to fifteen plausible documents of an ordinary life, drawn by chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from carnet.demo import vocabulary as models
from carnet.demo.cast import DR_URGENCE, PHARM_LEROY
from carnet.demo.chart import Chart
from carnet.demo.model import Document, Identity, Professional
from carnet.demo.pharmacopoeia import (
    AMLODIPINE,
    ATORVASTATIN,
    CETIRIZINE,
    COVID,
    DOXYCYCLINE,
    DT_POLIO,
    DTCAP_POLIO,
    FLU,
    IBUPROFEN,
    METFORMIN_500,
    MMR,
    PANTOPRAZOLE,
    PARACETAMOL,
    PARACETAMOL_CHILD,
    RAMIPRIL,
    SALBUTAMOL,
    City,
    height,
    pressure,
    weight,
)
from carnet.formats.cda.build.clinical import Analyte, Dose, Drug, Line, Result
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.cda.build.sections import conclusion, findings, measures, plan, reason
from carnet.formats.entry import Coded

_SCHOOL, _ADULT = 6, 18
_HORIZON = 8 * 365
_FEWEST, _DRAWN, _MOST = 3, 12, 15

# Why they came, what was found, what was decided.
_VISITS = (
    ("Rhume qui dure depuis dix jours.", "Gorge un peu rouge, poumons clairs.", "Lavages de nez, patience."),
    ("Mal de dos après un déménagement.", "Muscles tendus, pas de signe neurologique.", "Marche et antalgique."),
    ("Renouvellement du traitement.", "Examen sans changement.", "Même traitement pour six mois."),
    ("Fatigue depuis un mois.", "Examen normal, sommeil court.", "Prise de sang, se coucher plus tôt."),
    ("Bilan annuel.", "Cœur, poumons, ventre : rien à signaler.", "À revoir dans un an."),
    ("Douleur de l'épaule en levant le bras.", "Tendon sensible, mobilité gardée.", "Kinésithérapie, dix séances."),
    ("Éruption des mains.", "Plaques sèches, un peu fissurées.", "Crème grasse, gants pour la vaisselle."),
    ("Brûlures d'estomac après les repas.", "Ventre souple.", "Traitement un mois, dîner plus léger."),
    ("Vertige en se levant.", "Tension un peu basse debout.", "Boire davantage, se lever en deux temps."),
)
_CHILD_VISITS = (
    ("Fièvre depuis la veille.", "Gorge rouge, tympans clairs.", "Surveiller, faire boire."),
    ("Examen systématique.", "Bonne croissance, bon développement.", "Prochain examen dans un an."),
    ("Toux la nuit.", "Quelques sifflements.", "Lavages de nez, revoir si gêne."),
    ("Mal au ventre.", "Ventre souple, transit paresseux.", "Fruits, eau, pas d'inquiétude."),
)
_ADULT_DRUGS = (
    (PARACETAMOL, "1 comprimé jusqu'à 3 fois par jour si douleur"),
    (IBUPROFEN, "1 comprimé matin et soir au milieu du repas, cinq jours"),
    (CETIRIZINE, "1 comprimé le soir"),
    (DOXYCYCLINE, "1 comprimé par jour au milieu du repas, sept jours"),
    (PANTOPRAZOLE, "1 comprimé le matin, avant le petit-déjeuner"),
)
_LASTING_DRUGS = (
    (AMLODIPINE, "1 comprimé le matin"),
    (RAMIPRIL, "1 comprimé le matin"),
    (ATORVASTATIN, "1 comprimé le soir"),
    (METFORMIN_500, "1 comprimé matin et soir, au milieu du repas"),
)
_CHILD_DRUGS = (
    (PARACETAMOL_CHILD, "1 dose-kilo toutes les 6 heures si fièvre"),
    (SALBUTAMOL, "2 bouffées avec une chambre d'inhalation si gêne"),
)
# Analysis, lowest and highest value drawn, decimals.
_ANALYSES: tuple[tuple[Analyte, float, float, int], ...] = (
    (City.GLUCOSE, 0.72, 1.20, 2),
    (City.CHOLESTEROL, 1.45, 2.70, 2),
    (City.LDL, 0.80, 1.85, 2),
    (City.HDL, 0.38, 0.80, 2),
    (City.TRIGLYCERIDES, 0.60, 1.90, 2),
    (City.CREATININE, 5.5, 11.0, 1),
    (City.POTASSIUM, 3.5, 5.0, 1),
    (City.TSH, 0.60, 4.60, 2),
    (City.HAEMOGLOBIN, 11.2, 16.0, 1),
    (City.LEUCOCYTES, 4.1, 10.4, 1),
    (City.PLATELETS, 160, 390, 0),
)
_FILMS = (
    (Coded("ZBQK002", CCAM, "Radiographie du thorax"), "Radiographie du thorax", "Toux qui dure.", "Poumons clairs."),
    (
        Coded("ZCQM008", CCAM, "Échographie de l'abdomen"),
        "Échographie de l'abdomen",
        "Douleurs après les repas.",
        "Foie et vésicule d'aspect normal.",
    ),
    (
        Coded("MDQK001", CCAM, "Radiographie de la main"),
        "Radiographie de la main",
        "Chute sur la main.",
        "Pas de fracture.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Teller:
    """What every kind of document needs: whose, by whom, and the dice."""

    chart: Chart
    doctor: Professional
    chance: Random
    adult: bool

    def visit(self, day: date) -> None:
        why, found, decided = self.chance.choice(_VISITS if self.adult else _CHILD_VISITS)
        seen = [reason(why), findings(found), plan(decided)]
        if self.adult:
            systolic = self.chance.randint(106, 152)
            diastolic = systolic * 6 // 10 + self.chance.randint(-4, 6)
            kilos = self.chance.randint(48, 98)
            seen.insert(2, measures(day, (weight(f"{kilos}"), *pressure(f"{systolic}", f"{diastolic}"))))
        self.chart.visit(day.isoformat(), self.doctor, "Consultation", *seen)

    def results(self, day: date) -> None:
        chosen = sorted(self.chance.sample(range(len(_ANALYSES)), self.chance.randint(3, 8)))
        self.chart.city_results(day.isoformat(), [self._result(*_ANALYSES[each]) for each in chosen])

    def _result(self, analyte: Analyte, low: float, high: float, decimals: int) -> Result:
        return Result(analyte, f"{self.chance.uniform(low, high):.{decimals}f}")

    def prescription(self, day: date) -> None:
        line = self._line(day)
        self.chart.prescription(day.isoformat(), self.doctor, (line,))
        if self.chance.random() < 1 / 2:
            self.chart.dispensation((day + timedelta(days=1)).isoformat(), PHARM_LEROY, (line,))

    def _line(self, day: date) -> Line:
        lasting = self.adult and self.chance.random() < 1 / 3
        drugs: tuple[tuple[Drug, str], ...] = _ADULT_DRUGS if self.adult else _CHILD_DRUGS
        drug, dosage = self.chance.choice(_LASTING_DRUGS if lasting else drugs)
        end = day + timedelta(days=180 if lasting else 10)
        return Line(drug, dosage, day, end, repeats=5 if lasting else 0)

    def vaccination(self, day: date) -> None:
        vaccine, rank, kind = self.chance.choice(
            ((FLU, 1, "IMMUNIZ"), (COVID, 2, "INITIMMUNIZ"), (DT_POLIO, 5, "BOOSTER"))
            if self.adult
            else ((MMR, 2, "INITIMMUNIZ"), (DTCAP_POLIO, 4, "BOOSTER"))
        )
        lot = f"L{day:%y}-{self.chance.randint(100, 999)}"
        self.chart.vaccination(day.isoformat(), self.doctor, (Dose(vaccine, day, lot, rank, kind),))

    def film(self, day: date) -> None:
        act, title, why, found = self.chance.choice(_FILMS)
        self.chart.imaging(
            day.isoformat(),
            title,
            act=act,
            reason=why,
            technique="Examen standard.",
            found=(found,),
            concluded=("Examen sans anomalie notable.",),
        )

    def emergency(self, day: date) -> None:
        self.chart.write(
            day.isoformat(),
            models.EMERGENCY,
            "Compte rendu de passage aux urgences",
            DR_URGENCE,
            (
                reason(self.chance.choice(("Chute de sa hauteur.", "Coupure d'un doigt.", "Fièvre élevée."))),
                conclusion("Pas de gravité. Retour à domicile avec conseils."),
            ),
            clock="21:30",
        )

    def certificate(self, day: date) -> None:
        sport = self.chance.choice(("la course à pied", "le judo", "la danse", "le football", "la randonnée"))
        self.chart.scan(
            day.isoformat(),
            models.CERTIFICATE,
            "Certificat médical : sport",
            self.doctor,
            f"Je soussigné certifie n'avoir pas constaté ce jour de signe contre-indiquant {sport}.",
        )

    def growth(self, day: date) -> None:
        """For a child: the measures that draw a curve."""
        years = max((day - self.chart.patient.born).days / 365, 0)
        kilos, centimetres = 3.4 + years * 2.9, 50 + min(years, 1) * 25 + max(years - 1, 0) * 6.2
        self.chart.write(
            day.isoformat(),
            models.CHILD_VISIT,
            "Examen de l'enfant",
            self.doctor,
            (
                measures(day, (weight(f"{kilos:.1f}"), height(f"{centimetres:.0f}"))),
                conclusion("Bonne croissance."),
            ),
        )


def life(identity: Identity, doctor: Professional, chance: Random, until: date) -> tuple[Document, ...]:
    """One document a day at most, so that days name them."""
    age = (until - identity.born).days // 365
    adult = age >= _ADULT
    teller = _Teller(Chart(identity), doctor, chance, adult)
    kinds: list[Callable[[date], None]] = [
        teller.visit,
        teller.visit,
        teller.prescription,
        teller.prescription,
        teller.vaccination,
        teller.results if adult else teller.growth,
        teller.results if adult else teller.growth,
        teller.film,
        teller.emergency,
        teller.certificate if age >= _SCHOOL else teller.growth,
    ]
    span = min(_HORIZON, (until - identity.born).days - 1) // 2
    for offset in chance.sample(range(span), min(span, chance.randint(_FEWEST, _DRAWN))):
        # Every other day: a prescription may be dispensed on the next.
        chance.choice(kinds)(until - timedelta(days=2 * offset + 1))
    return tuple(sorted(teller.chart.documents, key=lambda document: document.at)[:_MOST])
