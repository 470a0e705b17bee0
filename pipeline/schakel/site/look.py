"""The design tokens of a site: its colours in light and dark, and its typeface, as a style sheet that all others rely on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schakel.colours import DARK, LIGHT

__all__ = ["Look"]

_SYSTEM: Final = '"Source Sans 3", "Segoe UI", system-ui, "Noto Sans", sans-serif'


@dataclass(frozen=True)
class Look:
    """What a project can set of the look of its pages. `typeface` is a font file of its folder `site/`, of one weight or variable."""

    light: Mapping[str, str] = field(default_factory=lambda: LIGHT)
    dark: Mapping[str, str] = field(default_factory=lambda: DARK)
    typeface: str = ""

    def stylesheet(self) -> bytes:
        """Write the tokens as custom properties.

        >>> b"--accent: #0a5f5a" in Look().stylesheet()
        True
        """
        face = f'@font-face {{ font-family: "House"; src: url("own/{self.typeface}"); font-weight: 100 900; font-display: swap; }}\n' if self.typeface else ""
        family = f'"House", {_SYSTEM}' if self.typeface else _SYSTEM
        light, dark = (" ".join(f"--{name}: {colour};" for name, colour in colours.items()) for colours in (self.light, self.dark))
        rules = (
            f":root {{ color-scheme: light dark; --font: {family}; {light} }}",
            f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}",
            # Ink on paper costs least, and a printer knows no dark mode.
            f"@media print {{ :root {{ color-scheme: light; {light} --paper: #ffffff; --soft: #ffffff; }} }}",
        )
        return (face + "\n".join(rules) + "\n").encode()
