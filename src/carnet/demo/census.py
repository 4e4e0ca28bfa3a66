"""Lists from which synthetic people are drawn: names common in France, towns with their INSEE code."""

from __future__ import annotations

from carnet.formats.cda.build import Address

WOMEN = (
    "Marie", "Jeanne", "Françoise", "Monique", "Catherine", "Nathalie", "Isabelle", "Jacqueline", "Sylvie",
    "Martine", "Anne", "Christine", "Nicole", "Valérie", "Sandrine", "Céline", "Stéphanie", "Julie", "Aurélie",
    "Camille", "Émilie", "Sarah", "Laura", "Manon", "Chloé", "Inès", "Jade", "Louise", "Alice", "Lina",
    "Fatima", "Mariam", "Yasmine", "Awa", "Thi Mai", "Ana", "Élodie", "Margaux", "Zoé", "Rose",
)  # fmt: skip
MEN = (
    "Jean", "Pierre", "Michel", "André", "Philippe", "René", "Louis", "Alain", "Jacques", "Bernard", "Marcel",
    "Daniel", "Roger", "Nicolas", "Christophe", "Frédéric", "Laurent", "Olivier", "Sébastien", "Julien",
    "Thomas", "Alexandre", "Antoine", "Maxime", "Lucas", "Hugo", "Gabriel", "Arthur", "Adam", "Raphaël",
    "Mohamed", "Karim", "Ibrahim", "Mehdi", "Minh", "João", "Yann", "Loïc", "Nathan", "Noé",
)  # fmt: skip
FAMILIES = (
    "Bernard", "Petitjean", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon", "Michel",
    "Lefebvre", "Leroux", "Roussel", "David", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Dupuis",
    "Lambert", "Fontenay", "Rousseau", "Vincent", "Mulot", "Lefèvre", "Faurel", "Andrieu", "Mercier", "Blanchet",
    "Guérin", "Boyer", "Garnier", "Chevalier", "François", "Legrand", "Gauthier", "Perrin", "Robinet", "Clément",
    "Morin", "Nicolas", "Henry", "Roussin", "Mathieu", "Gautier", "Masson", "Marchal", "Duval", "Denis",
    "Dumont", "Lemaître", "Noël", "Meyer", "Dufour", "Meunier", "Brunet", "Blanc", "Giraud", "Joly",
    "Benali", "Diallo", "Traoré", "Da Silva", "Tran", "Hamdi", "Kowalski", "Le Bihan", "Etcheverry", "Casanova",
)  # fmt: skip
# INSEE code, postal code, name. Corsica stands here for its letters, La Réunion for its three figures.
TOWNS = (
    ("49007", "49000", "Angers"),
    ("44109", "44000", "Nantes"),
    ("35238", "35000", "Rennes"),
    ("72181", "72000", "Le Mans"),
    ("37261", "37000", "Tours"),
    ("29019", "29200", "Brest"),
    ("59350", "59000", "Lille"),
    ("67482", "67000", "Strasbourg"),
    ("69387", "69007", "Lyon 7e arrondissement"),
    ("75119", "75019", "Paris 19e arrondissement"),
    ("13208", "13008", "Marseille 8e arrondissement"),
    ("31555", "31000", "Toulouse"),
    ("33063", "33000", "Bordeaux"),
    ("34172", "34000", "Montpellier"),
    ("06088", "06000", "Nice"),
    ("2A004", "20000", "Ajaccio"),
    ("2B033", "20200", "Bastia"),
    ("97411", "97400", "Saint-Denis de La Réunion"),
)
# Where synthetic people live: in and around Angers, where the houses of the demonstration are.
HOMES = (
    ("49007", "49000", "Angers"),
    ("49015", "49240", "Avrillé"),
    ("49020", "49070", "Beaucouzé"),
    ("49035", "49080", "Bouchemaine"),
    ("49246", "49130", "Les Ponts-de-Cé"),
    ("49267", "49124", "Saint-Barthélemy-d'Anjou"),
    ("49353", "49800", "Trélazé"),
)
STREETS = (
    "rue des Lilas", "rue du Moulin", "place du Marché couvert", "allée des Peupliers", "rue de la Source",
    "chemin des Vignes", "impasse du Verger", "rue des Tisserands", "quai des Chalands", "rue du Four à pain",
)  # fmt: skip


def address(number: int, street: str, town: tuple[str, str, str]) -> Address:
    return Address(f"{number} {street}", town[1], town[2])
