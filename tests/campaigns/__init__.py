"""Long searches for mistakes, run by hand: random programs, misuse and mutants. The suite runs a part of each."""
