"""Sheets of a workbook, each cell as the text that its value has in a CSV file."""

import datetime as dt
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from schakel.errors import nearest
from schakel.findings import Place, finding
from schakel.table_files.declarations import Declaration
from schakel.table_files.records import Records, RecordsError

__all__ = ["all_sheets", "workbook_records"]

_MIDNIGHT: Final = dt.time()


def all_sheets(declared: Declaration, file: str) -> dict[str, Records]:
    """Read every sheet of a workbook, by name. Raises RecordsError."""
    workbook = _opened(declared, file)
    sheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    return {sheet: _sheet(workbook, sheet, declared, file) for sheet in sheets}


def workbook_records(declared: Declaration, file: str) -> list[Records]:
    """Read one sheet: the one that is declared, else the first. Raises RecordsError."""
    workbook = _opened(declared, file)
    names = workbook.sheet_names
    sheet = declared.sheet or names[0]
    if sheet not in names:
        expected = nearest(sheet, names) or ", ".join(names)
        raise RecordsError(finding("sheet-missing", Place(file), found=sheet, expected=expected))
    return [_sheet(workbook, sheet, declared, file)]


def _opened(declared: Declaration, file: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(declared.path)
    except PasswordError:
        raise RecordsError(finding("workbook-locked", Place(file))) from None
    except (CalamineError, OSError) as error:
        raise RecordsError(finding("unreadable-file", Place(file), found=str(error))) from None


def _sheet(workbook: CalamineWorkbook, sheet: str, declared: Declaration, file: str) -> Records:
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise RecordsError(finding("unreadable-file", Place(file), found=str(error))) from None
    return Records(declared.name, (), [(number, list(map(cell_text, cells))) for number, cells in enumerate(rows, start=1)])


def cell_text(value: object) -> str:
    """Write a cell's value: a whole number without a point, a date as in 2009-01-01, a truth value as true or false.

    >>> cell_text(3.0), cell_text(0.5), cell_text(True)
    ('3', '0.5', 'true')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return f"PT{int(value.total_seconds())}S"
        case _:
            return str(value)
