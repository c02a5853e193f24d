"""Write a DIN workbook as a department would make it: the way back of `din.reading`. Pure steps, no database.

document -> `rows` (which rows, in which order) -> `texts` (what stands in a cell) -> `sheet` (how it looks) -> bytes.
"""

from din.writing.sheet import MEDIA_TYPE, workbook_of
from din.writing.template import template_workbook

__all__ = ["MEDIA_TYPE", "template_workbook", "workbook_of"]
