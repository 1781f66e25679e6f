"""Claims about the tests: the tests of a file are in the test file of the same name."""

from pathlib import Path

import pytest

from tests.test_structure import SOURCES

ROOT = Path(__file__).parent.parent
# Files without a test file of their own: the tests of what they are parts of cover them. Each line has the reason.
THROUGH = {
    # a step of lift is right if the resulting program is right
    "autograd/lifting/test_lifting.py": "layout groups/bundles groups/grouping groups/levels groups/products "
    "groups/recognition lifted loading passes/both "
    "passes/arithmetic passes/reading passes/slopes passes/uses printing/contraction_code "
    "printing/dialects printing/expressions printing/pieces printing/places printing/rules "
    "recorded/given recorded/graph recorded/normal_form",
    "autograd/lifting/test_repeats.py": "groups/hiding groups/loops passes/loop_forward passes/loop_reverse "
    "printing/float_rules printing/folds printing/loop_code repeats/blocks repeats/repeats repeats/steps "
    "repeats/stretches",
    # code shared by the JAX and PyTorch programs is right if these are right
    "autograd/lifting/printing/test_jax_code.py": "parts pure_code",
    # a part of an equation is right if the equations are right
    "autograd/lifting/equations/test_equations.py": "lines pieces products rules",
    # a step of check_grads is right if it finds wrong rules and accepts right ones
    "autograd/checking/test_gradcheck.py": "analytic_numeric directions points rounding",
    # a piece of code is right if it gives the gradients when it runs
    "autograd/programs/test_equations.py": "array_code code_text",
    "autograd/programs/test_naming.py": "best_names filled",
    # the parts of check_engine are right if the verdicts are right
    "autograd/engines/test_check_engine.py": "graphs",
    # the list of mistakes is right if each is named
    "autograd/engines/test_reasons.py": "candidates comparison forwards orders programs rules slopes words",
    # the arguments of check_backward
    "autograd/checking/test_check_backward.py": "inputs",
    # a wrong factor or slope is right if its mistake is named
    "autograd/mistakes/ingredients/test_operands.py": "replacements",
    # several mistakes at once in a formula are right if each is named
    "autograd/mistakes/search/test_reasons.py": "at_once",
    # a recorded pass is the result of recording
    "autograd/programs/test_recording.py": "recorded",
    # a step of a derivation is right if its lines are right
    "autograd/formulas/test_derivation.py": "labelled_graph operand rule_text",
    # the warnings with a remedy are tested
    "autograd/diagnostics/test_leaving.py": "remedies",
    # the result of compare
    "nn/comparison/test_compare.py": "result",
    "nn/comparison/words/test_network_words.py": "given_words slope_words",
    # what is added up is right if the list of mistakes is
    "nn/comparison/mistakes/test_kinds.py": "at_the_error examples",
    # a part of a picture or of the page is right if the picture or the page is right
    "viz/pictures/test_value_graph.py": "graph_view",
    "viz/pictures/test_network.py": "network_view",
    "viz/page/test_play.py": "layout network_page page_graph value_page",
}


def names_at(folder):
    """Returns the names that test files in a folder may have: those of its files and folders, and its own."""
    return {folder.name, *(path.name.split(".")[0] for path in folder.iterdir())}


def test_the_tests_of_a_file_are_found_by_its_name():
    """The tests of autograd/walk.py are in tests/autograd/test_walk.py, and perhaps in test_walk_laws.py beside it."""
    through = {str(Path(test).parent / f"{name}.py") for test, names in THROUGH.items() for name in names.split()}
    files = {path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("autograd", "nn", "viz")}
    alone = {
        str(path.relative_to(ROOT))
        for path in files
        if path.stem != "__init__"
        and not [*(ROOT / "tests" / path.parent.relative_to(ROOT)).glob(f"test_{path.stem}.py")]
        and not [*(ROOT / "tests" / path.parent.relative_to(ROOT)).glob(f"test_{path.stem}_*.py")]
    }
    assert alone == through
    assert all((ROOT / "tests" / test).is_file() for test in THROUGH)


@pytest.mark.parametrize("test", [path for room in ("autograd", "nn", "viz", "demos")
                                  for path in sorted((ROOT / "tests" / room).rglob("test_*.py"))],
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_a_test_file_bears_the_name_of_what_it_is_about(test):
    name = test.stem.removeprefix("test_")
    known = names_at(ROOT / test.parent.relative_to(ROOT / "tests"))
    if test.parent.name == "demos":
        known |= names_at(ROOT / "demos" / "guide")
    assert [other for other in known if name == other or name.startswith(f"{other}_")]
