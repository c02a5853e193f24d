"""The compiler that sets the pages of the PDF and draws the charts for Word. Knows no Django."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_source_sans_pro
import typst


@cache
def compiler() -> typst.Compiler:
    """Knows the letters of the house style and those that typst brings along, and none of the machine it runs on."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(Path(folder, "files")) for folder in font_source_sans_pro.__path__],
    )
    return typst.Compiler(font_paths=fonts)
