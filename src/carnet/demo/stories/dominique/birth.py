"""2017 to 2019: Léa is expected, and born; the sugar that came with her is watched."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.authors import ENDOCRINOLOGIST, OBSTETRICIAN
from carnet.demo.cast import DR_MARTIN, INF_PETIT, SF_GARCIA
from carnet.demo.chart import Chart
from carnet.demo.pharmacopoeia import FLU, LEVOTHYROXINE_75, LEVOTHYROXINE_100, City, Hospital, bmi, pressure, weight
from carnet.demo.words import moment, on
from carnet.formats.cda.build.clinical import Dose, Line, Result
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.cda.build.sections import conclusion, course, findings, letter, measures, plan, reason
from carnet.formats.entry import Coded

_FASTING = "1 comprimé le matin à jeun"
_ULTRASOUND = "Échographie obstétricale"


def write(chart: Chart) -> None:
    _expecting(chart)
    _gestational_diabetes(chart)
    _born(chart)
    _afterwards(chart)


def _expecting(chart: Chart) -> None:
    chart.city_results("2017-10-02", [Result(City.TSH, "3.10"), Result(City.HAEMOGLOBIN, "12.4")])
    chart.visit(
        "2017-10-10",
        SF_GARCIA,
        "Première consultation de grossesse",
        reason("Grossesse souhaitée, huit semaines d'aménorrhée. Deuxième enfant ; Hugo a sept ans."),
        findings("Bon état général. Nausées supportables."),
        measures(on("2017-10-10"), (weight("65"), *pressure("110", "68"))),
        plan(
            "Lévothyroxine portée à 100 microgrammes le temps de la grossesse, en accord avec le Dr Martin.",
            "TSH toutes les six semaines.",
            "Première échographie entre le 30 octobre et le 17 novembre.",
        ),
    )
    chart.prescription(
        "2017-10-13",
        DR_MARTIN,
        (Line(LEVOTHYROXINE_100, _FASTING, on("2017-10-13"), on("2018-05-26"), boxes=1, repeats=7),),
        "Dose portée à 100 microgrammes pour la grossesse.",
    )
    chart.imaging(
        "2017-11-06",
        "Échographie de grossesse du premier trimestre",
        act=Coded("JQQM010", CCAM, f"{_ULTRASOUND} du premier trimestre"),
        reason="Datation et dépistage, 12 semaines.",
        technique="Voie abdominale.",
        found=(
            "Un fœtus, activité cardiaque présente.",
            "Longueur cranio-caudale 58 mm, clarté nucale 1,2 mm.",
        ),
        concluded=("Grossesse évolutive de 12 semaines d'aménorrhée et 2 jours. Terme prévu le 26 mai 2018.",),
    )
    chart.imaging(
        "2018-01-08",
        "Échographie de grossesse du deuxième trimestre",
        act=Coded("JQQM018", CCAM, f"{_ULTRASOUND} du deuxième trimestre"),
        reason="Étude morphologique, 21 semaines.",
        technique="Voie abdominale.",
        found=(
            "Croissance au 48e percentile.",
            "Morphologie sans particularité.",
            "Placenta postérieur, liquide normal.",
        ),
        concluded=("Échographie normale.",),
    )
    chart.imaging(
        "2018-03-26",
        "Échographie de grossesse du troisième trimestre",
        act=Coded("JQQM016", CCAM, f"{_ULTRASOUND} du troisième trimestre"),
        reason="Croissance et position, 32 semaines. Diabète gestationnel équilibré.",
        technique="Voie abdominale.",
        found=("Présentation céphalique.", "Poids estimé 1 870 g, au 54e percentile.", "Liquide en quantité normale."),
        concluded=("Croissance harmonieuse, pas de signe de retentissement du diabète.",),
    )


def _gestational_diabetes(chart: Chart) -> None:
    chart.city_results(
        "2018-02-05",
        [Result(City.GLUCOSE, "0.95"), Result(City.TSH, "2.20"), Result(City.HAEMOGLOBIN, "11.4")],
        title="Analyses de sang du sixième mois",
    )
    chart.visit(
        "2018-02-15",
        ENDOCRINOLOGIST,
        "Consultation de diabétologie : diabète gestationnel",
        letter(
            "Cher confrère, j'ai vu Madame PAT-TROIS pour un diabète gestationnel découvert au sixième mois "
            "(glycémie à jeun à 0,95 g/L, seuil de la grossesse 0,92 g/L).",
            "Elle a reçu un lecteur de glycémie et a rencontré la diététicienne. Les premiers carnets sont "
            "bons "
            "sans insuline.",
        ),
        conclusion(
            "Régime seul. Contrôle du sucre trois mois après l'accouchement, puis une fois par an : "
            "le risque de diabète reste plus élevé pendant des années."
        ),
    )


def _born(chart: Chart) -> None:
    chart.write(
        "2018-05-14",
        models.DELIVERY,
        "Compte rendu d'accouchement",
        OBSTETRICIAN,
        (
            course(
                "Travail spontané à 39 semaines d'aménorrhée et 2 jours. Péridurale. Naissance à 16 h 42 d'une fille, "
                "Léa, "
                "3 240 g, par voie basse. Délivrance complète, pertes minimes.",
            ),
            conclusion("Mère et enfant vont bien. Peau à peau deux heures, première tétée en salle."),
        ),
        clock="19:15",
        started=moment("2018-05-14", "06:30"),
        ended=moment("2018-05-14", "18:50"),
    )
    chart.write(
        "2018-05-17",
        models.DISCHARGE_LETTER,
        "Lettre de liaison : sortie de maternité",
        OBSTETRICIAN,
        (
            reason("Accouchement le 14 mai 2018."),
            course("Suites simples. Allaitement bien engagé. Glycémies normales depuis l'accouchement."),
            plan(
                "Lévothyroxine : revenir à 75 microgrammes, TSH dans six semaines.",
                "Visite à domicile de Mme Garcia, sage-femme, le 19 mai.",
                "HbA1c et glycémie à jeun en septembre.",
            ),
        ),
        clock="11:00",
        started=moment("2018-05-14", "06:30"),
        ended=moment("2018-05-17", "11:00"),
    )


def _afterwards(chart: Chart) -> None:
    chart.visit(
        "2018-07-10",
        SF_GARCIA,
        "Consultation postnatale",
        reason("Huit semaines après la naissance de Léa."),
        findings("Périnée de bonne tonicité. Moral bon, nuits courtes. Pas de signe de dépression."),
        plan("Dix séances de rééducation périnéale.", "Contraception : implant posé ce jour."),
    )
    chart.hospital_results(
        "2018-09-04",
        [
            Result(Hospital.GLUCOSE, "5.2"),
            Result(Hospital.HBA1C, "38"),
            Result(Hospital.HBA1C_PERCENT, "5.6"),
            Result(Hospital.TSH, "1.85"),
            Result(Hospital.FT4, "15.4"),
        ],
        title="Contrôle après diabète gestationnel",
    )
    chart.prescription(
        "2018-09-10",
        DR_MARTIN,
        (Line(LEVOTHYROXINE_75, _FASTING, on("2018-09-10"), on("2019-09-10"), boxes=1, repeats=11),),
        "Dose d'avant la grossesse, TSH à 1,85 mUI/L.",
    )
    chart.visit(
        "2019-03-11",
        DR_MARTIN,
        "Consultation de suivi annuel",
        reason("Suivi annuel. Reprise du travail depuis janvier."),
        measures(on("2019-03-11"), (weight("69"), bmi("25.0"), *pressure("116", "72"))),
        conclusion("Bon équilibre. Poids stable, à surveiller. Analyses annuelles demandées."),
    )
    chart.city_results(
        "2019-03-18",
        [
            Result(City.TSH, "2.05"),
            Result(City.HBA1C, "5.7"),
            Result(City.GLUCOSE, "0.98"),
            Result(City.CHOLESTEROL, "2.12"),
            Result(City.LDL, "1.28"),
            Result(City.HDL, "0.61"),
            Result(City.TRIGLYCERIDES, "1.15"),
        ],
    )
    chart.scan(
        "2019-09-06",
        models.CERTIFICATE,
        "Certificat médical : pratique de la natation",
        DR_MARTIN,
        "Je soussigné certifie avoir examiné ce jour Madame Dominique PAT-TROIS et n'avoir pas constaté de "
        "signe "
        "contre-indiquant la pratique de la natation en club, y compris en compétition.",
        "Certificat établi à la demande de l'intéressée et remis en main propre.",
    )
    chart.prescription(
        "2019-09-16",
        DR_MARTIN,
        (Line(LEVOTHYROXINE_75, _FASTING, on("2019-09-16"), on("2020-09-16"), boxes=1, repeats=11),),
    )
    chart.vaccination(
        "2019-10-22", INF_PETIT, (Dose(FLU, on("2019-10-22"), "G19-204", 1, "IMMUNIZ"),), "Bien supporté."
    )
