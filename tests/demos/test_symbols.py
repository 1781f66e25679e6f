"""Claims about symbols in texts: each has an entry in the glossary, and ordinary words are left alone."""

import re

import pytest

from autograd import Value, explain, label
from demos import scalar_chain
from demos.symbols import GLOSSARY, Marker, equations, spelled, terms


def marked(text):
    """Returns (the marked symbol, the text of its entry) for each symbol of a text."""
    found = re.findall(r'<(a|span) class="symbol"[^>]* data-symbol="([\w-]+)">([^<]*)</\1>', Marker().text(text))
    entries = {symbol.key: symbol for symbol in GLOSSARY.values()}
    return [(what, entries[key].written) for _, key, what in found]


@pytest.mark.parametrize(("text", "expected"), [
    ("δ¹ = ((w²)ᵀ δ²) ∘ σ′(z¹)", ["δ¹", "w²", "ᵀ", "δ²", "∘", "σ′", "z¹"]),
    ("∂C/∂w²₁₂ and ∂C/∂b¹, but ∂C/∂z¹", ["∂C/∂w²₁₂", "∂C/∂b¹", "∂C/∂", "z¹"]),
    ("C = ½ (y − a²)²", ["C", "a²"]),
    ("BP2 takes ∇ₐC and η", ["BP2", "∇ₐC", "η"]),
    ("a gradient, a walk, the cost C′(Wo) of note 1, buzz, NaCl", []),
])  # fmt: skip
def test_symbols_are_found_and_words_are_not(text, expected):
    assert [what for what, _ in marked(text)] == expected


def test_each_leads_to_its_own_entry():
    assert marked("δ² ∂C/∂w ∂C/∂ σ z¹ w¹ BP4") == [
        ("δ²", "δˡⱼ"), ("∂C/∂w", "∂C/∂wˡⱼₖ, ∂C/∂bˡⱼ"), ("∂C/∂", "∂C/∂·"), ("σ", "σ, σ′"), ("z¹", "zˡⱼ"), ("w¹", "wˡⱼₖ"),
        ("BP4", "BP4"),
    ]  # fmt: skip


def test_the_first_of_each_is_a_link_and_the_marker_keeps_them_in_order():
    marker = Marker()
    text = marker.text("δ¹, δ² and `δ³` of z¹")
    assert re.findall(r"<(a|span)", text) == ["a", "span", "a"]
    assert "<code>δ³</code>" in text
    assert [symbol.written for symbol in marker.met.values()] == ["δˡⱼ", "zˡⱼ"]


def test_a_formula_keeps_its_letters():
    v = scalar_chain.chain()
    v["C"].backward()
    mathml = explain(v["C"], v["w¹"]).mathml
    marker = Marker()
    found = marker.math(mathml)
    assert re.sub(r' class="symbol" data-symbol="[\w-]+"', "", found) == mathml
    assert {symbol.written for symbol in marker.met.values()} >= {"σ, σ′", "wˡⱼₖ", "aˡⱼ", "Cₓ, C", "∂C/∂·"}


def test_what_is_no_symbol_stays_in_a_formula():
    p = Value(2.0)
    C = p * p
    label(p=p, C=C)
    assert 'data-symbol="symbol-2"' not in Marker().math(explain(C, p).mathml)


def test_texts_are_escaped():
    assert spelled("a < `b > c`") == "a &lt; <code>b &gt; c</code>"
    assert "<b>" not in Marker().text("<b> δ")


def test_the_glossary_is_read_whole():
    assert len(GLOSSARY) == 18 + 4
    assert all(symbol.meaning for symbol in GLOSSARY.values())
    assert {term.word for term in terms()} >= {"leaf", "node", "seed"}
    assert [row[0] for row in equations()[1]] == ["BP1", "BP2", "BP3", "BP4", "Δz"]
