"""UCUM, the code of units: an exact subset, with rationals, for what laboratories and measures use. Pure."""
