"""The network as a file that a reader takes along: a drawing, or one page with its style and script inside.

Both are made by the templates of the page, so that texts are escaped the same way, and both ask nothing of any host.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from din.models import Programme
from monitoring.network_page import NetworkPage
from monitoring.round_choice import RoundChoice

_STYLES = ("theme.css", "components.css", "network.css")
_PAGE_STYLES = ("theme.css", "app.css", "components.css", "forms.css", "network.css", "print.css")
# A comment may name an element, which is no XML inside a drawing.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def as_svg(programme: Programme, choice: RoundChoice, network: NetworkPage) -> str:
    """The drawing as one SVG; what the reader filtered away is not in it."""
    return render_to_string(
        "monitoring/network_file.svg",
        {
            "programme": programme,
            "choice": choice,
            "drawing": network.drawing.of_what_is_shown(),
            "style": _styles(_STYLES),
            "icons": _own_file("icons.svg"),
        },
    )


def as_html(programme: Programme, choice: RoundChoice, network: NetworkPage) -> str:
    """One page with the drawing, the list and everything that the script can do with them."""
    return render_to_string(
        "monitoring/network_file.html",
        {
            "programme": programme,
            "choice": choice,
            "network": network,
            "style": _styles(_PAGE_STYLES),
            "script": _own_file("network.js"),
            "icons": _own_file("icons.svg"),
        },
    )


def _styles(names: tuple[str, ...]) -> SafeString:
    """Our own style sheets in one, without comments and without the pictures that they name, which are files of the
    site."""
    lines = _COMMENT.sub("", "".join(_own_file(name) for name in names)).splitlines()
    return mark_safe("\n".join(line for line in lines if "url(" not in line))  # noqa: S308 - our own files


def _own_file(name: str) -> SafeString:
    """A file of ours among the static files, as it is: it holds no text of anybody else."""
    found = finders.find(f"app/{name}")
    if not found:
        raise FileNotFoundError(f"static file app/{name}")
    return mark_safe(Path(found).read_text(encoding="utf-8"))  # noqa: S308 - our own files
