"""Whether a goal says by itself what it takes to reach it. Knows no Django.

The rule is simple on purpose: somewhere stands a number, in figures or in letters, that is no year and no date.
"""

import re

_IN_LETTERS = (
    "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien "
    "negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend miljoen procent helft"
)
_YEAR_OR_DATE = re.compile(
    r"\b\d{1,2}[-/]\d{1,2}[-/]\d{2,4}\b"
    r"|\b(?:\d{1,2}\s+)?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b"
    r"|\b(?:19|20)\d\d\b"
    r"|\b(?:Q[1-4]|[1-4]e kwartaal)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"\d|\b(?:{_IN_LETTERS.replace(' ', '|')})\b", re.IGNORECASE)


def names_a_number(text: str) -> bool:
    """Whether `text` holds a number that is no year and no date: "75%", "vier weken", not "in 2023"."""
    return _NUMBER.search(_YEAR_OR_DATE.sub(" ", text)) is not None
