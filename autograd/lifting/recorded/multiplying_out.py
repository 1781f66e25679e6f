"""When plain numbers are multiplied out: where a float holds the product to as many digits as it holds them."""

__all__ = ["SMALLEST", "multiply_out"]

SMALLEST = 1e-300  # in magnitude; below it floats soon lose digits, and above its reciprocal they end


def multiply_out(a: float, b: float) -> bool:
    """Whether a·b may stand for both.

    1e200 · (1e200 · x) may not become inf · x, which is inf however small x is, nor 1e-200 · (1e-200 · x) become 0.
    """
    product = abs(a * b)
    return (
        SMALLEST < product < 1 / SMALLEST or abs(a) == 1.0 or abs(b) == 1.0 or (product == 0.0 == min(abs(a), abs(b)))
    )
