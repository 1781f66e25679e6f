"""Claims about formulas in MathML: they are well-formed MathML Core, with the same signs as the text."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from autograd import Value, explain, expression, log_sum_exp, where
from autograd.formulas.labelled_graph import LabelledGraph
from demos.scalar_chain import chain
from nn import MLP, compare
from tests.helpers.networks import random_network
from tests.helpers.operations import PROBES, TYPED, name
from tests.helpers.programs import build, instructions, numbers

CORE = {"math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msqrt", "msub", "msup", "msubsup", "mtable", "mtr", "mtd"}
ARGUMENTS = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "mtr": 2}
INDICES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉", "0123456789−0123456789")


def parsed(mathml):
    root = ElementTree.fromstring(mathml)
    for element in root.iter():
        assert element.tag in CORE
        assert len(element) == ARGUMENTS.get(element.tag, len(element)), element.tag
        assert not (len(element) and (element.text or "").strip()), "signs stand in tokens alone"
    return root


def is_xml(character):
    try:
        return ElementTree.fromstring(f"<a>&#{ord(character)};</a>").text == character
    except ElementTree.ParseError:
        return False


def signs(text):
    """Returns every sign, except those that MathML expresses by layout or LaTeX writes in another way."""
    text = re.sub(r"e([-−]?)\+?0*(\d+)", r"·10\1\2", text.translate(INDICES)).replace("½", "12").replace("∞", "inf")
    text = re.sub(r"[-−]", "−", text.replace("where ", "").replace("⋯", ""))
    return Counter(re.sub(r"[\s()/√^\[\]]|\d+ terms more, \d+ paths in all", "", text))


def assert_same(mathml, text):
    assert signs("".join(parsed(mathml).itertext())) == signs(text)


@pytest.mark.parametrize(
    ("label_", "written"),
    [
        ("w¹₂₁", "<msubsup><mi>w</mi><mn>21</mn><mn>1</mn></msubsup>"),
        ("w1", "<msub><mi>w</mi><mn>1</mn></msub>"),
        ("δ¹₁(3)", "<mrow><msubsup><mi>δ</mi><mn>1</mn><mn>1</mn></msubsup>"
                   '<mrow><mo stretchy="false">(</mo><mn>3</mn><mo stretchy="false">)</mo></mrow></mrow>'),
        ("w¹[11,2]", "<msubsup><mi>w</mi><mrow><mn>11</mn><mo>,</mo><mn>2</mn></mrow><mn>1</mn></msubsup>"),
        ("a⁰", "<msup><mi>a</mi><mn>0</mn></msup>"),
        ("x₃", "<msub><mi>x</mi><mn>3</mn></msub>"),
        ("θ", "<mi>θ</mi>"),
        ("φ", "<mi>φ</mi>"),
        ("loss", "<mi>loss</mi>"),
        ("tanh loss", "<mtext>tanh loss</mtext>"),
        ("a<b> & \\text{c}_^~$#%'\"", "<mtext>a&lt;b&gt; &amp; \\text{c}_^~$#%&#x27;&quot;</mtext>"),
        ("</math><script>", "<mtext>&lt;/math&gt;&lt;script&gt;</mtext>"),
        ("a\x00b\ud800c", "<mtext>a\ufffdb\ufffdc</mtext>"),
    ],
)  # fmt: skip
def test_names(label_, written):
    assert expression(Value(1.0, label_)).mathml == f"<math>{written}</math>"


@given(st.text(min_size=1))
def test_any_label_is_the_text_it_is(label_):
    found = expression(Value(1.0, label_))
    assert_same(found.mathml, "".join(c if is_xml(c) else "\ufffd" for c in found.text))


def test_formulas():
    a, b = Value(0.75, "a"), Value(2.0, "b")
    assert expression(-a / b).mathml == (
        '<math><mrow><mo form="prefix">−</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></mrow></math>'
    )
    assert expression(0.5 * (b - a) ** 2).mathml == (
        '<math><mrow><mfrac displaystyle="false"><mn>1</mn><mn>2</mn></mfrac><mo>·</mo>'
        '<msup><mrow><mo stretchy="false">(</mo><mrow><mi>b</mi><mo>−</mo><mi>a</mi></mrow>'
        '<mo stretchy="false">)</mo></mrow><mn>2</mn></msup></mrow></math>'
    )
    assert expression(a.sqrt()).mathml == "<math><msqrt><mi>a</mi></msqrt></math>"
    assert "<mo>·</mo><msup><mn>10</mn><mrow><mo" in expression(1e-7 * a).mathml
    assert "<mi>leaky_relu</mi>" in expression(a.leaky_relu()).mathml


def test_a_derivation_is_a_table_with_its_equals_signs_in_one_column():
    v = chain()
    found = explain(v["C"], v["w¹"])
    root = parsed(found.mathml)
    assert root.attrib == {"display": "block"}
    (table,) = root
    assert len(table) == len(found.text.splitlines()) == 4
    left, right = zip(*table, strict=True)
    assert ["".join(cell.itertext()) for cell in left] == ["∂C∂w1", "", "", ""]
    assert all("".join(cell.itertext()).startswith("=") for cell in right)
    assert {cell.get("style") for cell in left} == {"text-align: right; text-align: -webkit-right"}
    assert {cell.get("style") for cell in right} == {"text-align: left"}
    assert '<msup><mi>σ</mi><mo>′</mo></msup><mrow><mo stretchy="false">(</mo><msup><mi>z</mi>' in found.mathml
    assert_same(found.mathml, found.text)


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_every_operation_and_its_slopes_have_the_signs_of_the_text(op, at):
    values = [Value(x, label_) for x, label_ in zip(at, "abcde", strict=False)]
    y = TYPED[op.name](*values)
    assert_same(expression(y).mathml, expression(y).text)
    for factor in LabelledGraph(y).factors:
        assert_same(factor.formula.mathml, factor.formula.text)
    for value in values:
        found = explain(y, value)
        assert_same(found.mathml, found.text)


@pytest.mark.parametrize("seed", range(20))
def test_networks_derivations_have_the_signs_of_the_text(seed):
    model, x, y = random_network(seed)
    comparison = compare(model, x, y)
    found = explain(comparison.graph, model.layers[0].neurons[0].weights[0], comparison.errors)
    assert_same(found.mathml, found.text)


@pytest.mark.no_cover  # under coverage it takes several times as long
@settings(max_examples=200, deadline=None)
@given(
    st.lists(instructions, min_size=1, max_size=15),
    st.lists(numbers, min_size=1, max_size=4),
    st.sets(st.integers(0, 18), min_size=8),
)
def test_any_graphs_derivations_have_the_signs_of_the_text(program, xs, labelled):
    leaves = [Value(x) for x in xs]
    root, values = build(program, leaves, Value)
    assume(root.op is not None)
    for i in labelled:
        if i < len(values):
            values[i].label = f"s{i}"
    try:
        found = [explain(root, leaf) for leaf in leaves if leaf in LabelledGraph(root).names]
    except ValueError:  # the formula between two labels is too long
        reject()
    for derivation in found:
        assert_same(derivation.mathml, derivation.text)
    assert_same(expression(root).mathml, expression(root).text)


def test_parentheses_grow_around_fractions():
    a, b = Value(0.75, "a"), Value(2.0, "b")
    assert expression((a / b).sigmoid()).mathml == (
        "<math><mrow><mi>σ</mi><mrow><mo>(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>)</mo></mrow></mrow></math>"
    )


def test_a_component_of_softmax_has_its_index_below():
    z = [Value(0.1 * i, f"z{i}") for i in range(1, 6)]
    y = log_sum_exp(z)
    assert "<mi>exp</mi>" in expression(y).mathml
    assert "<mo>+</mo><mo>⋯</mo><mo>+</mo>" in expression(y).mathml
    found = explain(y, z[1]).mathml
    assert parsed(found) is not None
    assert "<msub><mrow><mi>softmax</mi><mrow>" in found
    assert "<mo>,</mo><mo>…</mo><mo>,</mo>" in found
    assert "<mn>2</mn></msub></mrow></mtd>" in found


def test_conditions_stand_in_brackets():
    c, a = Value(1.0, "c"), Value(2.0, "a")
    found = explain(where(c, a, 3.0), a).mathml
    assert parsed(found) is not None
    bracket = '<mo stretchy="false">{}</mo>'.format
    assert f"{bracket('[')}<mrow><mi>c</mi><mo>≠</mo><mn>0</mn></mrow>{bracket(']')}" in found


def test_many_terms_end_in_dots():
    x = Value(1.0, "x")
    parts = [x * k for k in range(1, 31)]
    for k, part in enumerate(parts):
        part.label = f"p{k}"
    assert "<mo>⋯</mo>" in explain(sum(parts[1:], parts[0]), x).mathml


def test_a_network_in_a_batch():
    comparison = compare(MLP(1, [1], "sigmoid", "sigmoid", seed=0), [[0.1], [0.2]], [[0.0], [1.0]])
    weight = comparison.model.layers[0].neurons[0].weights[0]
    found = explain(comparison.graph, weight, comparison.errors)
    assert_same(found.mathml, found.text)
