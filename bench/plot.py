"""A drawing of time by size, both on scales of powers of ten: SVG, told in words too, each line with its own colour, dashes, sign and name."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Final

__all__ = ["Line", "drawing"]

# From the size, in statements, to seconds.
Line = Sequence[tuple[float, float]]
_WIDTH: Final = 760
_HEIGHT: Final = 460
_LEFT: Final = 80
_RIGHT: Final = 170
_TOP: Final = 50
_BOTTOM: Final = 60
# Colours that differ in lightness too; dashes; a sign drawn around 0,0.
_STYLES: Final = (
    ("#0b5394", "", '<circle r="5"/>'),
    ("#b45f06", "8 4", '<rect x="-5" y="-5" width="10" height="10"/>'),
    ("#5b5b5b", "2 4", '<path d="M0 -6 6 5 -6 5z"/>'),
)


class _Scale:
    """Powers of ten that hold all values, along a stretch of the drawing."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high = max(self.high, self.low + 1)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        """Give where a value stands."""
        return self._start + (log10(value) - self.low) / (self.high - self.low) * (self._end - self._start)

    def powers(self) -> list[int]:
        """Give the powers of ten."""
        return list(range(self.low, self.high + 1))


def drawing(lines: Mapping[str, Line], title: str, description: str) -> str:
    """Draw lines by name."""
    across = _Scale([size for line in lines.values() for size, _ in line], _LEFT, _WIDTH - _RIGHT)
    up = _Scale([seconds for line in lines.values() for _, seconds in line], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        '<g font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="28" font-size="16" fill="#1a1a1a">{escape(title)}</text>',
        *_grid(across, up),
    ]
    for (name, line), (colour, dashes, sign) in zip(lines.items(), _STYLES, strict=False):
        parts += _line(name, [(across.at(size), up.at(seconds)) for size, seconds in line], colour, dashes, sign)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _grid(across: _Scale, up: _Scale) -> list[str]:
    parts = []
    for power in across.powers():
        x = across.at(10**power)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#d0d0d0"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle" fill="#1a1a1a">{10**power:,}</text>')
    for power in up.powers():
        y = up.at(10.0**power)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#d0d0d0"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#1a1a1a">{10.0**power:,.10g} s</text>')
    parts.append(f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 16}" text-anchor="middle" fill="#1a1a1a">statements in the graph</text>')
    return parts


def _line(name: str, points: Sequence[tuple[float, float]], colour: str, dashes: str, sign: str) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    x, y = points[-1]
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>',
        *(f'<g transform="translate({x:.1f} {y:.1f})" fill="{colour}">{sign}</g>' for x, y in points),
        f'<text x="{x + 12:.1f}" y="{y + 4:.1f}" fill="{colour}">{escape(name)}</text>',
    ]
