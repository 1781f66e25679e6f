"""Claims about the words of rules: each is known to whoever takes the part of m."""

import numpy as np
import pytest

from autograd import floats
from autograd.table import OPERATIONS
from autograd.vocabulary import VALUES, WORDS


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.name)
def test_a_word_is_known_to_floats_values_and_numpy(word):
    assert callable(getattr(floats, word.name))
    assert callable(getattr(VALUES, word.name))
    assert word.operation in {"", *OPERATIONS}
    found = np
    for part in word.in_numpy().split("."):
        found = getattr(found, part)
    assert callable(found)


def test_a_word_is_listed_once():
    assert all(name == word.name for name, word in WORDS.items())
    operations = [word.operation for word in WORDS.values() if word.operation]
    assert len(operations) == len(set(operations))
