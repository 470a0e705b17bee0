"""Texts whose order by UTF-8 bytes is that of the numbers they stand for, exact for numbers of any size.

A positive number is 0.d₁d₂… times ten to a power: its key is that power and those digits, without zeros at the end. The power begins with a letter for its
sign and its number of digits, so that keys of few digits and of many compare. A negative number has the mirror image of the key of its magnitude.
"""

import math
import string
import struct
from decimal import Decimal
from typing import Final

__all__ = ["INFINITY", "MINUS_INFINITY", "NOT_A_NUMBER", "ZERO", "decimal_key", "double_key", "float_key", "nearest_float", "split_number"]

MINUS_INFINITY: Final = "!"
ZERO: Final = "0"
INFINITY: Final = "~"
# After everything else: nothing is greater than what is no number, and comparisons need look only at the greater side.
NOT_A_NUMBER: Final = "~~"

_SIGNS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_MIRRORED: Final = str.maketrans(_SIGNS, string.digits[::-1] + string.ascii_lowercase[::-1] + string.ascii_uppercase[::-1])
# Greater than any digit: of two negative numbers that begin alike, that of fewer digits is the greater.
_END: Final = "~"
_LARGEST_FLOAT: Final = float.fromhex("0x1.fffffep127")
_OVERFLOW: Final = 2.0**128
_SMALLEST_FLOAT: Final = 2.0**-149
_MOST_DIGITS: Final = 9


def decimal_key(whole: str, fraction: str = "", *, negative: bool = False) -> str:
    """Give the key of a decimal number by its digits before and after the point, of which there may be any number.

    >>> decimal_key("42") < decimal_key("42", "5") < decimal_key("420")
    True
    """
    whole = whole.lstrip("0")
    if whole:
        power, digits = len(whole), (whole + fraction).rstrip("0")
    else:
        digits = fraction.lstrip("0")
        power, digits = len(digits) - len(fraction), digits.rstrip("0")
    if not digits:
        return ZERO
    size = str(abs(power))
    small = f"{string.ascii_uppercase[-len(size)]}{size.translate(_MIRRORED)}"
    key = (small if power < 0 else f"{string.ascii_lowercase[len(size) - 1]}{size}") + digits
    return f"-{key.translate(_MIRRORED)}{_END}" if negative else key


def split_number(text: str) -> tuple[str, str, bool]:
    """Take a decimal numeral with a sign apart: digits before the point, digits after it, and whether it is negative."""
    whole, _, fraction = text.lstrip("+-").partition(".")
    return whole, fraction, text.startswith("-")


def double_key(number: float) -> str:
    """Give the key of a double: that of the shortest decimal which rounds to it, so that an everyday decimal has the key of the double nearest to it."""
    if math.isnan(number):
        return NOT_A_NUMBER
    if math.isinf(number):
        return INFINITY if number > 0 else MINUS_INFINITY
    return _written(repr(number))


def float_key(number: float) -> str:
    """Give the key of a float, given as the double that is equal to it: that of the shortest decimal which rounds to it as a float."""
    if number == 0 or not math.isfinite(number):
        return double_key(number)
    for digits in range(1, _MOST_DIGITS):
        written = f"{number:.{digits}g}"
        if nearest_float(written) == number:
            return _written(written)
    return _written(f"{number:.{_MOST_DIGITS}g}")


def _written(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    whole, fraction, negative = split_number(mantissa)
    if exponent:
        power = int(exponent)
        if power < 0:
            whole = whole.rjust(1 - power, "0")
            whole, fraction = whole[:power], whole[power:] + fraction
        else:
            fraction = fraction.ljust(power, "0")
            whole, fraction = whole + fraction[:power], fraction[power:]
    return decimal_key(whole, fraction, negative=negative)


def nearest_float(text: str) -> float:
    """Round a numeral as XSD does to the nearest float (of 32 bits), to the even one of two; give it as a double."""
    double = float(text)
    if double == 0 or math.isnan(double):
        return double
    if abs(double) >= _OVERFLOW:
        return math.copysign(math.inf, double)
    rounded = _rounded(double)
    if rounded != double:
        # Rounding twice goes astray only where the double lies just between two floats, while what was written does not.
        other = _neighbour(rounded, above=double > rounded)
        if abs(double - rounded) == abs(other - double):
            exact, middle = Decimal(text).copy_abs(), Decimal(double).copy_abs()  # abs() would round
            lower, upper = sorted((rounded, other), key=abs)
            rounded = rounded if exact == middle else upper if exact > middle else lower
    return rounded if abs(rounded) < _OVERFLOW else math.copysign(math.inf, rounded)


def _rounded(double: float) -> float:
    """Round a double to a float; beyond the largest, to the power of two that would follow it."""
    try:
        (rounded,) = struct.unpack("<f", struct.pack("<f", double))
    except OverflowError:
        return math.copysign(_OVERFLOW, double)
    return float(rounded)


def _neighbour(number: float, *, above: bool) -> float:
    """Give the float next to a float."""
    if number == 0:
        return _SMALLEST_FLOAT if above else -_SMALLEST_FLOAT
    outward = above == (number > 0)
    if abs(number) == (_LARGEST_FLOAT if outward else _OVERFLOW):
        return math.copysign(_OVERFLOW if outward else _LARGEST_FLOAT, number)
    (bits,) = struct.unpack("<i", struct.pack("<f", number))
    (found,) = struct.unpack("<f", struct.pack("<i", bits + (1 if outward else -1)))
    return float(found)
