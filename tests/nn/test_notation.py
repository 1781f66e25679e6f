"""Claims about the names of the notes."""

from nn.notation import counted, name


def test_names_of_the_notes():
    assert name("w", 1, 2, 1) == "w¹₂₁"
    assert name("b", 12, 3) == "b¹²₃"
    assert name("x", None, 3) == "x₃"


def test_an_index_of_two_digits_is_set_apart():
    assert name("w", 1, 11, 2) == "w¹[11,2]"


def test_one_is_no_plural():
    assert [counted(n, "step") for n in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]
