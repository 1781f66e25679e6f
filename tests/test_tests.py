"""Claims about the tests: those of a file are found by its name."""

from pathlib import Path

import pytest

from tests.test_structure import SOURCES

ROOT = Path(__file__).parent.parent
# Files without a test of their own name: what they do is held by the tests of what they are parts of.
THROUGH = {
    # a step of lift is right if the program that comes of it is
    "autograd/lifting/test_lifting.py": "layout groups/bundles groups/grouping groups/levels groups/products "
    "groups/recognition lifted loading passes/both "
    "passes/arithmetic passes/reading passes/slopes passes/uses printing/contraction_code "
    "printing/dialects printing/expressions printing/pieces printing/places printing/rules "
    "recorded/given recorded/graph recorded/normal_form",
    "autograd/lifting/test_repeats.py": "groups/hiding groups/loops passes/loop_forward passes/loop_reverse "
    "printing/float_rules printing/folds printing/loop_code repeats/blocks repeats/repeats repeats/steps "
    "repeats/stretches",
    # what programs without writing share, if those in JAX and PyTorch are right
    "autograd/lifting/printing/test_jax_code.py": "parts pure_code",
    # a piece of an equation, if the equations are right
    "autograd/lifting/printing/test_equations.py": "lines shown shown_products shown_rules",
    # a step of check_grads, if it finds the wrong rules and passes the right ones
    "autograd/checking/test_gradcheck.py": "analytic_numeric directions points rounding",
    # a piece of code, if it gives the gradients when it is run
    "autograd/programs/test_equations.py": "array_code code_text",
    # a class is run, on graphs, for a verdict
    "autograd/engines/test_check_engine.py": "graphs running",
    # a mistake is found if it is called by its name
    "autograd/engines/test_reasons.py": "candidates forwards orders programs rules slopes words",
    # what check_backward is given
    "autograd/checking/test_check_backward.py": "inputs",
    # a frame is what names are read from
    "autograd/programs/test_naming.py": "frames",
    # a recorded pass is what comes of recording
    "autograd/programs/test_recording.py": "recorded",
    # a step of a derivation, if its lines are right
    "autograd/formulas/test_derivation.py": "labelled_graph operand rule_text",
    # a warning says what to write instead
    "autograd/diagnostics/test_leaving.py": "remedies",
    # what compare returns
    "nn/comparison/test_compare.py": "result",
    # a part of a picture or of the page, if the picture that is drawn is, or the page that is written
    "viz/test_value_graph.py": "graph_view",
    "viz/test_network.py": "network_view",
    "viz/page/test_play.py": "layout network_page page_graph value_page",
}


def names_at(folder):
    """What test files may be called after: the files and folders of a folder, and itself."""
    return {folder.name, *(path.name.split(".")[0] for path in folder.iterdir())}


def test_the_tests_of_a_file_are_found_by_its_name():
    """Those of autograd/walk.py are tests/autograd/test_walk.py, and perhaps test_walk_laws.py beside it."""
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
