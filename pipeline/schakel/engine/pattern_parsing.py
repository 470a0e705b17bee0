"""The grammar of XPath's regular expressions, read into one of Python."""

import re
from typing import Final

from schakel.engine.character_classes import ANY, NOT_LINE_END, Ranges, case_variants, complement, escape_class, property_class, subtract, union, written

__all__ = ["RegularExpressionError", "translate"]

_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}-[]^$"}}
_SPECIAL: Final = set("\\|.?*+(){}[]^$")
_QUANTITY: Final = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_PROPERTY: Final = re.compile(r"\{([^{}]*)\}")
# The ends of the text, or of its lines: a line end at the very end begins no line.
_ANCHORS: Final = {("^", False): r"(?:\A)", ("^", True): r"(?:\A|(?<=\n)(?!\Z))", ("$", False): r"(?:\Z)", ("$", True): r"(?:(?=\n)|(?<!\n)\Z)"}
_SPACES: Final = " \t\n\r"
_NESTING: Final = 100


class RegularExpressionError(ValueError):
    """A pattern, its flags or a replacement that XPath does not allow."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(text, position, reason)
        self.text = text
        self.position = position
        self.reason = reason

    def __str__(self) -> str:
        return f"The regular expression “{self.text}” is not one of XPath: {self.reason} (at character {self.position + 1})."


def translate(pattern: str, flags: str) -> str:
    """Write a pattern of XPath as one of Python, in which its flags are spelled out; raises RegularExpressionError."""
    if "q" in flags:
        literal = _Reader(pattern, flags)
        return "".join(literal.character(sign) for sign in pattern)
    reader = _Reader(pattern, flags)
    translated = reader.alternatives()
    if reader.position < len(pattern):
        raise reader.error("“)” closes no group")
    return translated


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.flags = flags
        self.position = 0
        self._opened = 0
        self._closed: set[int] = set()
        self._depth = 0

    def error(self, reason: str, position: int | None = None) -> RegularExpressionError:
        return RegularExpressionError(self.pattern, self.position if position is None else position, reason)

    def character(self, sign: str) -> str:
        """Write one character that stands for itself, or for its case variants."""
        return self._set(((ord(sign), ord(sign)),)) if "i" in self.flags else re.escape(sign)

    def alternatives(self) -> str:
        """Read branches up to the end, or to the end of a group."""
        branches = [self._branch()]
        while self._peek() == "|":
            self.position += 1
            branches.append(self._branch())
        return "|".join(branches)

    def _branch(self) -> str:
        pieces: list[str] = []
        while (sign := self._peek()) and sign not in "|)":
            atom = self._atom(sign)
            pieces.append(atom + self._quantifier())
        return "".join(pieces)

    def _peek(self) -> str:
        """Give the next character that means something, and an empty text at the end."""
        if "x" in self.flags:
            while self.pattern[self.position : self.position + 1] and self.pattern[self.position] in _SPACES:
                self.position += 1
        return self.pattern[self.position : self.position + 1]

    def _atom(self, sign: str) -> str:
        start = self.position
        self.position += 1
        match sign:
            case "(":
                atom = self._group()
            case "[":
                atom = written(self._bracket())
            case "\\":
                atom = self._escape()
            case ".":
                atom = written(ANY if "s" in self.flags else NOT_LINE_END)
            case "^" | "$":
                atom = _ANCHORS[sign, "m" in self.flags]
            case _ if sign in _SPECIAL:
                raise self.error(f"“{sign}” must be escaped, or follow what it repeats", start)
            case _:
                atom = self.character(sign)
        return atom

    def _group(self) -> str:
        self._depth += 1
        if self._depth > _NESTING:
            raise self.error(f"groups are nested more than {_NESTING} deep")
        start = self.position - 1
        number = 0
        if self._peek() == "?":
            if self.pattern[self.position : self.position + 2] != "?:":
                raise self.error(f"it has no groups that begin with “({self.pattern[self.position : self.position + 2]}”: look-around, names, comments", start)
            self.position += 2
        else:
            self._opened += 1
            number = self._opened
        inside = self.alternatives()
        if self._peek() != ")":
            raise self.error("the group is not closed", start)
        self.position += 1
        self._depth -= 1
        self._closed.add(number)
        return f"({inside})" if number else f"(?:{inside})"

    def _quantifier(self) -> str:
        sign = self._peek()
        if not sign or sign not in "?*+{":
            return ""
        start = self.position
        if sign == "{":
            found = _QUANTITY.match(self.pattern, self.position)
            if found is None:
                raise self.error("“{” begins a number of repetitions: {2}, {2,} or {2,3}")
            least, comma, most = found.groups()
            if most and int(most) < int(least):
                raise self.error(f"from {least} to {most} times is never")
            quantity, self.position = f"{{{least}{comma or ''}{most or ''}}}", found.end()
        else:
            quantity, self.position = sign, start + 1
        if self._peek() == "?":
            quantity += "?"
            self.position += 1
        following = self._peek()
        if following and following in "?*+{":
            raise self.error("a quantifier follows another")
        return quantity

    def _escape(self) -> str:
        start = self.position - 1
        letter = self.pattern[self.position : self.position + 1]
        if letter and letter in "123456789":
            return self._back_reference()
        self.position += 1
        if letter in _ESCAPES:
            return self.character(_ESCAPES[letter])
        return written(self._class_escape(letter, start))

    def _class_escape(self, letter: str, start: int) -> Ranges:
        if letter and letter in "pP":
            found = _PROPERTY.match(self.pattern, self.position)
            ranges = None if found is None else property_class(found[1])
            if found is None or ranges is None:
                name = "" if found is None else found[1]
                raise self.error(f"\\{letter}{{{name}}} is no general category of Unicode, or a block, which is not supported", start)
            self.position = found.end()
            return ranges if letter == "p" else complement(ranges)
        found_class = escape_class(letter) if letter else None
        if found_class is None:
            raise self.error(f"it has no escape “\\{letter}”", start)
        return found_class

    def _back_reference(self) -> str:
        start = self.position
        end = start + 1
        while self.pattern[end : end + 1] in set("0123456789") and int(self.pattern[start : end + 1]) <= self._opened:
            end += 1
        number = int(self.pattern[start:end])
        if number not in self._closed:
            raise self.error(f"\\{number} refers to a group that is not closed before it", start - 1)
        self.position = end
        # A group that matched nothing is an empty text.
        reference = f"(?({number})\\{number}|)"
        return f"(?i:{reference})" if "i" in self.flags else f"(?:{reference})"

    def _set(self, ranges: Ranges) -> str:
        return written(case_variants(ranges) if "i" in self.flags else ranges)

    def _bracket(self) -> Ranges:
        """Read a class of characters after its opening bracket; white space within it counts whatever the flags."""
        start = self.position - 1
        negative = self.pattern.startswith("^", self.position)
        self.position += negative
        plain: list[tuple[int, int]] = []
        named: list[tuple[int, int]] = []
        subtracted: Ranges | None = None
        first = self.position
        while not self.pattern.startswith("]", self.position):
            if self.position >= len(self.pattern):
                raise self.error("the class of characters is not closed", start)
            if self.position > first and self.pattern.startswith("-[", self.position):
                self.position += 2
                subtracted = self._bracket()
                break
            self._member(plain, named, first)
        if not self.pattern.startswith("]", self.position):
            raise self.error("what is subtracted from a class must end it", start)
        if self.position == first:
            raise self.error("the class of characters is empty", start)
        self.position += 1
        ranges = union(plain)
        ranges = union((*(case_variants(ranges) if "i" in self.flags else ranges), *named))
        ranges = complement(ranges) if negative else ranges
        return ranges if subtracted is None else subtract(ranges, subtracted)

    def _member(self, plain: list[tuple[int, int]], named: list[tuple[int, int]], first: int) -> None:
        start = self.position
        low = self._class_character(first)
        if not isinstance(low, int):
            named.extend(low)
            return
        following = self.pattern[self.position : self.position + 2]
        if not following.startswith("-") or following in {"-]", "-["}:
            plain.append((low, low))
            return
        self.position += 1
        high = self._class_character(self.position)
        if not isinstance(high, int) or high < low:
            raise self.error(f"{self.pattern[start : self.position]} is no range of characters", start)
        plain.append((low, high))

    def _class_character(self, first: int) -> int | Ranges:
        """Read one character of a class, or an escape that is several."""
        sign = self.pattern[self.position : self.position + 1]
        start = self.position
        self.position += 1
        if sign == "\\":
            letter = self.pattern[self.position : self.position + 1]
            self.position += 1
            return ord(_ESCAPES[letter]) if letter in _ESCAPES else self._class_escape(letter, start)
        if sign == "[" or not sign:
            raise self.error("“[” in a class of characters must be escaped", start)
        if sign == "-" and start != first and not self.pattern.startswith("]", self.position):
            raise self.error("“-” in a class of characters is its first or its last, or is escaped", start)
        return ord(sign)
