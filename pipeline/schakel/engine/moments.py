"""Dates, times and durations of XSD 1.1: their grammar, and keys of the instants and lengths that they stand for.

Years and fractions of a second may have any number of digits; a year or a part of a duration of more than 4,000 digits is valid, and is compared with nothing.
"""

import re
from typing import Final, NamedTuple

from schakel.engine.number_keys import decimal_key

__all__ = ["MOMENTS", "Moment", "duration_of", "moment_of"]

_MOST_DIGITS: Final = 4000
_DAY: Final = 86_400
# An unknown time zone is between -14:00 and +14:00.
_ZONES: Final = 14 * 3600

_YEAR: Final = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH: Final = r"(?P<month>0[1-9]|1[0-2])"
_DAY_OF_MONTH: Final = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])(?:\.(?P<fraction>[0-9]+))?|(?P<midnight>24:00:00(?:\.0+)?))"
_SHIFT: Final = r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)"
_ZONE: Final = rf"(?P<zone>Z|{_SHIFT})?"

# By the name of the datatype. What is not stated is as on the last day of 1972, a leap year whose December has 31 days.
MOMENTS: Final = {
    name: re.compile(pattern)
    for name, pattern in {
        "dateTime": f"{_YEAR}-{_MONTH}-{_DAY_OF_MONTH}T{_CLOCK}{_ZONE}",
        "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY_OF_MONTH}T{_CLOCK}(?P<zone>Z|{_SHIFT})",
        "date": f"{_YEAR}-{_MONTH}-{_DAY_OF_MONTH}{_ZONE}",
        "time": f"{_CLOCK}{_ZONE}",
        "gYear": f"{_YEAR}{_ZONE}",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
        "gMonth": f"--{_MONTH}{_ZONE}",
        "gMonthDay": f"--{_MONTH}-{_DAY_OF_MONTH}{_ZONE}",
        "gDay": f"---{_DAY_OF_MONTH}{_ZONE}",
    }.items()
}
_DEFAULTS: Final = {
    "time": (1972, 12, 31),
    "gYear": (1972, 1, 1),
    "gYearMonth": (1972, 1, 1),
    "gMonth": (1972, 1, 1),
    "gMonthDay": (1972, 1, 1),
    "gDay": (1972, 12, 1),
}
_UNSTATED: Final = (1972, 1, 1)
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2

_NUMBERS: Final = r"(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?", r"(?:(?P<days>[0-9]+)D)?"
_CLOCK_LENGTH: Final = r"(?P<clock>T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]+))?S)?)?"
_DURATIONS: Final = {
    "duration": re.compile(f"-?P(?=[0-9T]){_NUMBERS[0]}{_NUMBERS[1]}{_CLOCK_LENGTH}"),
    "yearMonthDuration": re.compile(f"-?P(?=[0-9]){_NUMBERS[0]}"),
    "dayTimeDuration": re.compile(f"-?P(?=[0-9T]){_NUMBERS[1]}{_CLOCK_LENGTH}"),
}
# The instants from which XSD measures durations in months against those in days.
_STARTS: Final = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


class Moment(NamedTuple):
    """The key of an instant; of one without time zone, of its local time, and of the earliest and the latest that it may be. `zone` is in minutes."""

    key: str
    low: str | None
    high: str | None
    zone: int | None


def moment_of(text: str, name: str) -> Moment | bool:
    """Read a date or a time by the name of its datatype; False where it is none, True where it is one of too many digits."""
    found = MOMENTS[name].fullmatch(text)
    if found is None:
        return False
    stated = found.groupdict()
    default = _DEFAULTS.get(name, _UNSTATED)
    year_text, month, day = stated.get("year") or str(default[0]), int(stated.get("month") or default[1]), int(stated.get("day") or default[2])
    # Whether a year is a leap year is in its last four digits.
    if day > _LENGTHS[month - 1] and not (month == _FEBRUARY and day == _LENGTHS[1] + 1 and _is_leap(int(year_text[-4:]))):
        return False
    if len(year_text) > _MOST_DIGITS:
        return True
    seconds = _days(int(year_text), month, day) * _DAY
    if stated.get("midnight"):
        # The midnight that ends a day is the one that begins the next; a time of day has no next day.
        seconds += 0 if name == "time" else _DAY
    elif stated.get("hour"):
        seconds += int(stated["hour"]) * 3600 + int(stated["minute"]) * 60 + int(stated["second"])
    fraction = (stated.get("fraction") or "").rstrip("0")
    zone = _minutes(stated["zone"])
    if zone is None:
        return Moment(_instant(seconds, fraction), _instant(seconds - _ZONES, fraction), _instant(seconds + _ZONES, fraction), None)
    return Moment(_instant(seconds - zone * 60, fraction), None, None, zone)


def duration_of(text: str, name: str) -> tuple[str, str] | bool:
    """Read a duration: its key, which is that of four instants after it, and the text of its months and seconds; otherwise as moment_of()."""
    found = _DURATIONS[name].fullmatch(text)
    if found is None:
        return False
    stated = found.groupdict()
    fraction = (stated.pop("fraction", None) or "").rstrip("0")
    stated.pop("clock", None)
    if any(len(digits) > _MOST_DIGITS for digits in stated.values() if digits):
        return True
    years, months, days, hours, minutes, seconds = (int(stated.get(part) or 0) for part in ("years", "months", "days", "hours", "minutes", "seconds"))
    sign = -1 if text.startswith("-") else 1
    all_months = sign * (years * 12 + months)
    all_seconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if sign < 0:
        # A whole number of seconds below, and the rest of one.
        all_seconds, fraction = (-all_seconds - 1, _rest(fraction)) if fraction else (-all_seconds, "")
    keys = (_instant(_days_after(start, all_months) * _DAY + all_seconds, fraction) for start in _STARTS)
    return " ".join(keys), f"{all_months} {_instant(all_seconds, fraction)}"


def _days_after(start: tuple[int, int], months: int) -> int:
    year, month = divmod(start[0] * 12 + start[1] - 1 + months, 12)
    return _days(year, month + 1, 1)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days(year: int, month: int, day: int) -> int:
    """Count the days from the first of March of the year 0, in the Gregorian calendar of all times."""
    year, month = (year, month - 3) if month > _FEBRUARY else (year - 1, month + 9)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 1


def _minutes(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _instant(seconds: int, fraction: str) -> str:
    """Give the key of a number of seconds, rounded down, with the rest of a second."""
    if seconds >= 0:
        return decimal_key(str(seconds), fraction)
    if fraction:
        return decimal_key(str(-seconds - 1), _rest(fraction), negative=True)
    return decimal_key(str(-seconds), negative=True)


def _rest(fraction: str) -> str:
    """Give what is missing to one: of digits of which the last is not zero."""
    return "".join(str(9 - int(digit)) for digit in fraction[:-1]) + str(10 - int(fraction[-1]))
