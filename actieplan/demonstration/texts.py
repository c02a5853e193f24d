"""The introductions of the demonstration's reports, written by the manager."""

import datetime
from typing import Any

from actieplan.demonstration.accounts import COMMAND, Accounts
from monitoring.models import ReportingRound
from monitoring.report.texts import themes_told, write_text


def make_texts(
    round_: ReportingRound, texts: list[dict[str, Any]], accounts: Accounts, *, at: datetime.datetime
) -> None:
    """Write `texts`, each by the name of its theme or without one for the report itself."""
    themes = {theme.name: theme for theme in themes_told(round_)}
    for one in texts:
        theme = None if one["theme"] is None else themes[one["theme"]]
        write_text(
            round_=round_,
            theme=theme,
            text=one["text"],
            version=0,
            actor=accounts["manager"],
            origin=COMMAND,
            now=at,
        )
