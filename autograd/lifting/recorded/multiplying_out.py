"""Decides whether two plain numbers may become their product: mostly, if a float holds it without losing digits."""

__all__ = ["SMALLEST", "multiply_out"]

SMALLEST = 1e-300  # in magnitude; a little below it floats lose digits, a little above its reciprocal they overflow


def multiply_out(a: float, b: float) -> bool:
    """Returns whether the product a·b may replace both numbers.

    1e200 · (1e200 · x) must not become inf · x, which is inf for x > 0. 1e-200 · (1e-200 · x) must not become 0 · x.
    The answer is also yes if one number is 1 or −1, or if one is 0 and the product is 0.
    """
    product = abs(a * b)
    return (
        SMALLEST < product < 1 / SMALLEST or abs(a) == 1.0 or abs(b) == 1.0 or (product == 0.0 == min(abs(a), abs(b)))
    )
