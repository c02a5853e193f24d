"""Texts that do harm when a format takes them for more than text, and a document in which every text is one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from din.text import writable
from monitoring.report.document import ReportDocument

_RIGHT_TO_LEFT = "\u202e"

PAYLOADS: dict[str, str] = {
    # A spreadsheet that takes these for a formula runs them.
    "formula": "=1+1",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "tab before a formula": "\t=1+1",
    "return before a formula": "\r=1+1",
    "hyperlink": '=HYPERLINK("https://kwaad.example","Klik hier")',
    "command": "=cmd|' /C calc'!A0",
    "array": "{=SUM(A1)}",
    "error value": "#REF!",
    # XML and HTML: the insides of all office files.
    "tags": "<b>vet</b><br/>",
    "script": "<script>alert(1)</script>",
    "svg": '</text><image href="file:///etc/passwd"/><text>',
    "doctype": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "entity": "&amp; &lt; &#x41; &nbsp;",
    "end of cdata": "<![CDATA[ ]]> ]]>",
    "comment": "<!-- --> <?php ?>",
    "quotes": "\"'`´‘’“”",
    # Typst.
    "typst code": '#read("/etc/passwd")',
    "typst import": '#import "@preview/x:0.1.0": *',
    "typst panic": "#panic() #{panic()} ]#panic()[",
    "typst math": "$x^2$ $ sum_(i=0) $",
    "typst markup": "*vet* _schuin_ = Kop\n== Kop\n- punt\n+ nummer\n/ term: uitleg",
    "typst reference": "@verwijzing <label>",
    "typst raw": "`code` ```rust fn()```",
    "typst comment": "// weg /* weg */ https://voorbeeld.nl",
    "backslashes": "\\ \\n \\u{41} \\",
    "typst dashes": "-- --- ... ~ -?",
    # The template of Word.
    "jinja value": "{{ 7*7 }}",
    "jinja tag": "{% for x in y %}{% raw %}",
    "jinja comment": "{# weg #}",
    "docxtpl": "{{r x }} {%p if 1 %} {%tr for x in y %} {{p x }}",
    "field code": '{ INCLUDETEXT "/etc/passwd" } DDEAUTO c:\\windows',
    "format": "%s %(x)s {0} {x} ${x} $x",
    "page code": "&P &N &[Pagina] &D &&",
    # Characters.
    "control characters": "voor\x00\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x9fna",
    "right to left": f"abc {_RIGHT_TO_LEFT}fdp.exe \u2066\u2067 \u200f\u200e שלום مرحبا",
    "zero width": "on\u200bzicht\u200dbaar\ufeff \u00adzacht \u2060",
    "outside the basic plane": "😀 👨‍👩‍👧 🇳🇱 𝔘 中文 \U0010fffd \ue000",
    "combining": "Z̸̢̛͔a̵͇̓l̶̢̈g̷̥̈o e\u0301 \u0301",
    "not a character": "a\ufffe\uffff\ufdd0z",
    "long word": "Hottentottententen" * 556,
    "many line ends": f"begin{chr(10) * 2_000}eind",
    "spaces": "  voor en na  ",
    "path": "../../etc/passwd C:\\x file:///etc/passwd",
    "nothing": "None null NaN undefined",
    "false": "FALSE",
    "number": "00123",
    "date": "2024-01-01",
}

# What is no text that somebody wrote: a key, a day, a number, or a word of the program itself.
_NO_TEXT = {
    *("state", "state_label", "status", "status_label", "label", "kind_label", "round", "round_label", "summary"),
    *("before", "before_label", "change", "change_label", "previous_round_label", "period", "value", "upper"),
    *("direction", "direction_label", "judgement", "judgement_label", "aggregation", "frequency", "baseline"),
    *("adopted_on", "corrected_on", "made_on", "settled_on", "first_day", "last_day", "reference_day", "baseline_day"),
    "forecast",
}
# In these classes only: the kind decides how a goal is shown, and of the others these are days.
_NO_TEXT_OF = {
    "ReportGoal": {"kind", "deadline"},
    "ReportCommitment": {"kind", "deadline"},
    "ReportTarget": {"day"},
}


def with_payload(document: ReportDocument, payload: str) -> ReportDocument:
    """`document` with `payload` in place of every text that people wrote, as the database keeps what they type.

    A text that is empty stays empty: whether it is there decides what the report tells.
    """
    written = writable(payload)
    return with_texts(document, lambda _: written)


def with_texts(document: ReportDocument, told: Callable[[str], str]) -> ReportDocument:
    """`document` with for every text that people wrote what `told` makes of it; an empty one stays empty."""

    def replaced(value: Any, name: str = "", owner: str = "") -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            kind = type(value).__name__
            return type(value)(
                **{each.name: replaced(getattr(value, each.name), each.name, kind) for each in fields(value)}
            )
        if isinstance(value, tuple):
            return tuple(replaced(each, name, owner) for each in value)
        if isinstance(value, str) and value and name not in _NO_TEXT | _NO_TEXT_OF.get(owner, set()):
            return told(value)
        return value

    return replaced(document)  # type: ignore[no-any-return]
