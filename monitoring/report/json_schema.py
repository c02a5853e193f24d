"""The JSON Schema of the report as JSON, made from the dataclasses of document.py. Knows no Django.

docs/report.schema.json is what it makes; write it anew after a change with

    python -m monitoring.report.json_schema > docs/report.schema.json
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields, is_dataclass
from inspect import cleandoc
from typing import Any, get_args, get_origin, get_type_hints

from monitoring.report.document import ReportDocument
from monitoring.report.frozen import SCHEMA

_PLAIN: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", type(None): "null"}


def json_schema() -> dict[str, Any]:
    """The schema of a file that render_json makes of a report of the present schema."""
    definitions: dict[str, Any] = {}
    _define(ReportDocument, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Voortgangsrapportage",
        "description": "The progress report of a round. `sha256` is the hash of the canonical text of `report` and "
        "`schema`: docs/report.md tells how to compute it again.",
        "type": "object",
        "properties": {
            "report": _type(ReportDocument, definitions),
            "schema": {"const": SCHEMA},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        },
        "required": ["report", "schema", "sha256"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _define(cls: type, definitions: dict[str, Any]) -> None:
    hints = get_type_hints(cls)
    found: dict[str, Any] = {"type": "object"}
    if cls.__doc__ and not cls.__doc__.startswith(f"{cls.__name__}("):  # else dataclass wrote it
        found["description"] = cleandoc(cls.__doc__)
    names = [field.name for field in fields(cls)]
    definitions[cls.__name__] = found | {
        "properties": {name: _type(hints[name], definitions) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            _define(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0], definitions)}
    return {"type": [_PLAIN[one] for one in get_args(hint)]}  # a plain type, or nothing


if __name__ == "__main__":
    sys.stdout.write(schema_text())
