"""The peers of the report's formats: the same content by the plain road that each library shows first.

`python -m tests.bench.plain_report PAGE OUTPUT` makes a PDF of a page with WeasyPrint, in a process of its own, and
writes how long that took without starting and importing.
"""

from __future__ import annotations

import datetime
import io
import re
import sys
import time
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from monitoring.report.document import ReportDocument
from monitoring.report.sheets import row_height, sheets_of

# As ours: pages with numbers, words that are hyphenated in tables.
STYLE = """
@page { size: A4; margin: 27mm 22mm 24mm; @bottom-right { content: "Pagina " counter(page) " van " counter(pages) } }
body { font: 10.5pt/1.35 "Source Sans Pro", sans-serif; color: #14262e }
h2 { font-size: 19pt; color: #0d3b2a } h3 { font-size: 13pt } section { break-before: page }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt } td, th { border-bottom: 1px solid #d5dee2 }
td, th { hyphens: auto }
th { background: #e9eff1; text-align: left } svg { max-width: 100% } tr, svg { break-inside: avoid }
"""
_CONTENT = re.compile(r"<main\b.*</main>", re.S)


def plain_page(page: str) -> str:
    """The content of the page of a report, without the site around it and with a style sheet of a few lines."""
    found = _CONTENT.search(page)
    if found is None:
        raise AssertionError("the page has no content")
    return f'<!doctype html><html lang="nl"><title>Rapport</title><style>{STYLE}</style>{found[0]}</html>'


def xlsx_cell_by_cell(document: ReportDocument) -> bytes:
    """The same sheets with the same looks, each cell written and styled by itself."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for told in sheets_of(document).sheets:
        sheet = book.create_sheet(told.name)
        for number, column in enumerate(told.columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
            cell = sheet.cell(told.header_row, number, column.heading)
            cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", start_color="0D3B2A")
        for row_number, row in enumerate(told.rows, start=told.header_row + 1):
            for number, value in enumerate(row, start=1):
                cell = sheet.cell(row_number, number)
                cell.value = float(value) if isinstance(value, Decimal) else value
                if isinstance(value, str):
                    cell.data_type = "s"
                elif isinstance(value, datetime.date):
                    cell.number_format = "dd-mm-yyyy"
                cell.font = Font(name="Calibri")
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.row_dimensions[row_number].height = row_height(row, told)
        sheet.freeze_panes = f"A{told.header_row + 1}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def main(page: Path, output: Path) -> None:
    from weasyprint import HTML  # what its importing costs is part of the time of the process only

    start = time.perf_counter()
    HTML(string=page.read_text()).write_pdf(output, pdf_variant="pdf/ua-1")
    sys.stdout.write(f"{time.perf_counter() - start}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
