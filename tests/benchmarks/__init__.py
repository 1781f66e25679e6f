"""How fast, against whom: run by `make bench`, never by the tests."""
