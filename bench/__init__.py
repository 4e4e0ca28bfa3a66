"""Measures the hot paths of Carnet against what the database and the disk allow at most; run by `make bench`."""
