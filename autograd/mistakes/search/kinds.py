"""Lists the edits of a recorded pass, the plausible ones first."""

from __future__ import annotations

from collections.abc import Iterator

from ...programs.recorded import Recorded
from ..accumulated import accumulated
from ..alone import alone
from ..branches import branches
from ..edits import Edit
from ..factors import Factors
from ..ingredients import elements, extras, flows, operands, orders
from ..ingredients.cached import cached
from ..ingredients.commuted import commuted
from ..ingredients.complements import complements
from ..ingredients.detours import detours
from ..ingredients.entries import entries, lost, moved, not_set, one_slice
from ..ingredients.epsilons import epsilons
from ..ingredients.gates import gates
from ..ingredients.inner import cut_further, parts_exchanged, taken_for_another
from ..ingredients.left_out import left_out, not_chosen
from ..ingredients.numbers import exchanged_numbers, one_number, other_numbers
from ..ingredients.omitted import omitted
from ..ingredients.one_kept import one_kept
from ..ingredients.penalties import penalties
from ..ingredients.places import places
from ..ingredients.splits import splits
from ..ingredients.stand_ins import stand_ins
from ..ingredients.whole import jacobians, not_set_to_zero, summed_over_all, symmetric
from ..ingredients.written import written
from ..judged import Given
from ..misread import misread
from ..operations.at_factors import at_factors
from ..operations.by_outputs import by_outputs
from ..operations.bypassed import bypassed
from ..operations.cumulative import cumulative, sums_not_set_to_zero
from ..operations.diagonals import diagonals
from ..operations.dropouts import drawn_anew, read_off
from ..operations.exponents import exponents
from ..operations.folds import folds
from ..operations.forgotten import forgotten
from ..operations.in_place import masked_too
from ..operations.inverses import inverses
from ..operations.masks import masks
from ..operations.normalised import normalisations
from ..operations.products import dotted, products, slopes_as_products
from ..operations.running import running
from ..operations.slopes import elsewhere, other_functions, slopes
from ..operations.sums import sums
from ..operations.targets import targets
from ..operations.thresholds import thresholds
from ..operations.weights import weights
from ..paths import paths
from ..steps import values_of_another
from ..turns import truncated, turns
from ..unreversed import unreversed

__all__ = ["edits"]


def edits(recorded: Recorded, givens: list[Given], wrong: list[Given], factors: Factors) -> Iterator[Edit]:
    """Yields the edits of all kinds. A new kind of mistake is a new line here."""
    yield from paths(recorded, factors, in_one_run=False)
    yield from turns(recorded)
    yield from accumulated(recorded)
    yield from flows.exchanged(recorded, wrong)
    yield from penalties(recorded, wrong)
    yield from orders.turned(wrong)
    yield from not_set_to_zero(wrong)
    yield from extras.without_upstream(recorded)
    yield from slopes(recorded)
    yield from sums(recorded)
    yield from products(recorded)
    yield from slopes_as_products(recorded)
    yield from diagonals(recorded)
    yield from folds(recorded)
    yield from cumulative(recorded)
    yield from targets(recorded)
    yield from weights(recorded)
    yield from complements(recorded)
    yield from left_out(recorded)
    yield from not_chosen(recorded, factors)
    yield from masks(recorded)
    yield from thresholds(recorded)
    yield from drawn_anew(recorded, wrong)
    yield from read_off(recorded)
    yield from alone(recorded)
    yield from elements.repeats(recorded)
    yield from elements.misplaced(recorded)
    yield from elements.padded(recorded)
    yield from elements.overwritten(recorded)
    yield from one_kept(recorded, wrong)
    yield from extras.updated(recorded, wrong)
    yield from extras.updated_in_turn(recorded, givens)
    yield from normalisations(recorded)
    yield from running(recorded)
    yield from inverses(recorded)
    yield from epsilons(recorded, wrong)
    yield from operands.missing(recorded)
    yield from other_functions(recorded)
    yield from forgotten(recorded)
    yield from elsewhere(recorded)
    yield from at_factors(recorded)
    yield from exponents(recorded)
    yield from by_outputs(recorded)
    yield from flows.flows_of_many(recorded)
    yield from truncated(recorded)
    yield from gates(recorded)
    yield from misread(recorded)
    yield from branches(recorded)
    yield from places(recorded)
    yield from written(recorded)
    yield from taken_for_another(recorded)
    yield from parts_exchanged(recorded)
    yield from cut_further(recorded)
    yield from operands.substitutes(recorded)
    yield from exchanged_numbers(recorded)
    yield from orders.orders(recorded)
    yield from orders.rearranged(recorded)
    yield from orders.rearranged_again(recorded)
    yield from splits(recorded)
    yield from symmetric(wrong)
    yield from summed_over_all(wrong)
    yield from jacobians(recorded, wrong)
    yield from commuted(recorded)
    yield from detours(recorded)
    yield from sums_not_set_to_zero(recorded)
    yield from other_numbers(recorded)
    yield from one_number(recorded)
    yield from values_of_another(recorded)
    yield from unreversed(recorded)
    yield from entries(wrong, factors)
    yield from not_set(wrong)
    yield from one_slice(wrong)
    yield from moved(wrong)
    yield from lost(wrong)
    yield from extras.values(wrong)
    yield from paths(recorded, factors, in_one_run=True)
    yield from flows.flows(recorded)
    yield from stand_ins(recorded)
    yield from masked_too(recorded)
    yield from omitted(recorded)
    yield from bypassed(recorded)
    yield from dotted(recorded)
    yield from orders.turned_on_all_ways(recorded)
    yield from orders.slices(recorded)
    yield from cached(recorded)
    yield from other_functions(recorded, in_one_run=True)
    yield from forgotten(recorded, in_one_run=True)
    yield from elsewhere(recorded, in_one_run=True)
    yield from operands.in_one_run(recorded)
    yield from operands.factors_at(recorded)
    yield from extras.replacements(recorded, wrong)
