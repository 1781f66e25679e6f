"""The tests of formulas and derivations."""
