"""Numbers as the page prints them, from docs/views/predictions.md: three digits, thin spaces, and no rounded value that claims a limit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

THIN = "\u202f"
UNDEFINED = "–"
_PREFIXES = ("", "k", "M", "G", "T")


def fixed(x: float, decimals: int) -> str:
    """So many decimals of the number that the float is, halves upwards."""
    return str(Decimal(float(x)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def typed(text: str) -> float:
    """The number that a person types in who reads a threshold: `≥ 0.4214`, `≥ 1.2e−5`, `≥ 1 − 9.6e−7`."""
    plain = text.removeprefix("≥").strip().replace("−", "-")
    return 1 - float(plain.removeprefix("1 - ")) if plain.startswith("1 - ") else float(plain)


def grouped(n: int) -> str:
    """A whole number in groups of three."""
    return f"{n:,}".replace(",", THIN)


def count(n: Any) -> str:
    """How many."""
    if n != int(n) or n >= 100_000:
        raise ValueError(f"only whole numbers below 100,000 are printed in full; this is {n}")
    return grouped(int(n))


def number(x: float) -> str:
    """Three significant digits."""
    rounded = float(f"{x:.3g}")
    if rounded == 0:
        return "0"
    if rounded < 1e-4:
        digits, power = f"{x:.2e}".split("e")
        return f"{float(digits):g}e{int(power)}".replace("-", "−")
    if rounded >= 10_000:
        thousands = min(len(_PREFIXES) - 1, (len(str(int(rounded))) - 1) // 3)
        return f"{rounded / 1000**thousands:g}{THIN}{_PREFIXES[thousands]}"
    whole, _, fraction = f"{rounded:.10f}".rstrip("0").rstrip(".").partition(".")
    return grouped(int(whole)) + (f".{fraction}" if fraction else "")


def percent(x: float, *, in_column: bool = False) -> str:
    """A share of at most all, with one decimal: in a column always."""
    hundredths = 100 * float(x)
    if 0 < hundredths < 0.05:
        return f"<0.1{THIN}%"
    if 99.95 <= hundredths < 100:
        return f">99.9{THIN}%"
    text = fixed(hundredths, 1)
    return f"{text if in_column else text.removesuffix('.0')}{THIN}%"


def decimals(x: float, digits: int) -> str:
    """A number from 0 to 1, as areas and rates are printed; NaN is undefined."""
    if x != x:
        return UNDEFINED
    least = 10.0**-digits
    if 1e-12 <= x < least / 2:
        return f"<{fixed(least, digits)}"
    if 1 - least / 2 <= x < 1 - 1e-12:
        return f">{fixed(1 - least, digits)}"
    return fixed(x, digits)


def ends(interval: tuple[float, float], digits: int) -> str:
    """An interval."""
    return " – ".join(decimals(end, digits) for end in interval)
