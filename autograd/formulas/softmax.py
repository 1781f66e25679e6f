"""A softmax written out by hand, exp(z₁)/(exp(z₁) + exp(z₂)) or exp(z₁ − ln(exp(z₁) + exp(z₂))), is named softmax."""

from __future__ import annotations

from collections.abc import Sequence

from .algebra import Call, Formula, Product, Total, product, total
from .mathematics import FORMULAS, LogSumExp

__all__ = ["by_softmax"]


def by_softmax(f: Formula) -> Formula:
    """Returns the formula with each softmax component named: the whole formula, a term, or factors of a product."""
    if isinstance(f, Total):
        terms = [by_softmax(term) for term in f.parts]
        return f if all(map(_same, terms, f.parts)) else total(terms)
    if isinstance(f, Product):
        return _of_product(f)
    return _of_exponential(f) if isinstance(f, Call) and f.function == "exp" else f


def _of_exponential(f: Call) -> Formula:
    """Writes exp(zⱼ − ln Σ exp(z)) as softmax(z)ⱼ. Another formula is returned unchanged."""
    (exponent,) = f.parts
    for term in exponent.parts if isinstance(exponent, Total) else ():
        found = _component(exponent - term, _summed(-term))
        if found is not None:
            return found
    return f


def _summed(log: Formula) -> Sequence[Formula]:
    """Returns the inputs z of ln Σ exp(z); [] for any other formula."""
    if not isinstance(log, Call) or log.by is not None:
        return []
    return log.parts if isinstance(log, LogSumExp) else _exponents(log.parts[0]) if log.function == "ln" else []


def _of_product(f: Product) -> Formula:
    """Writes exp(zⱼ) / Σ exp(z) as softmax(z)ⱼ, also if the quotient is distributed over the terms of a sum."""
    for one, raised in f.powers:
        if not (isinstance(one, Call) and one.function == "exp" and raised >= 1.0):
            continue
        for other, lowered in f.powers:
            if not isinstance(other, Total):
                continue
            rest = [(base, exponent) for base, exponent in f.powers if base is not one and base is not other]
            if lowered == 1.0 and raised == 1.0 and all(_has_sum_below(term, one) for term in other.parts):
                spread = total(by_softmax(product((one, term))) for term in other.parts)
                return product((Product(f.coefficient, tuple(rest)), spread))
            found = _component(one.parts[0], _exponents(other)) if lowered <= -1.0 else None
            if found is not None:
                times = min(raised, -lowered)
                left = ((one, raised - times), (other, lowered + times), (found, times), *rest)
                return product((Product(f.coefficient, left),))
    return f


def _has_sum_below(term: Formula, exponential: Formula) -> bool:
    """Returns whether the term is divided by a sum of exponentials that contains this one."""
    powers = term.powers if isinstance(term, Product) else ()
    return any(e <= -1.0 and any(_same(part, exponential) for part in b.parts) and _exponents(b) for b, e in powers)


def _exponents(f: Formula) -> Sequence[Formula]:
    """Returns the exponents in a sum of exponentials; [] for any other formula."""
    all_are = isinstance(f, Total) and all(isinstance(p, Call) and p.function == "exp" for p in f.parts)
    return [part.parts[0] for part in f.parts] if all_are else []


def _component(one: Formula, inputs: Sequence[Formula]) -> Formula | None:
    """Returns the component of the inputs' softmax for the input `one`; None if it is not among them.

    A term common to all inputs, such as their maximum, cancels in a softmax and is left out.
    """
    places = [i for i, other in enumerate(inputs) if _same(one, other)]
    if not places:
        return None
    for term in inputs[0].parts if isinstance(inputs[0], Total) else ():
        if all(isinstance(other, Total) and any(_same(term, part) for part in other.parts) for other in inputs):
            inputs = [other - term for other in inputs]
            break
    found: Formula = FORMULAS.softmax(places[0], *inputs)
    return found


def _same(one: Formula, other: Formula) -> bool:
    return one.key == other.key
