"""The admin sections of what the plans promise, one module a subject."""

from din.admin import levels, owners, plans, programmes, recuts, workbook_imports

__all__ = ["levels", "owners", "plans", "programmes", "recuts", "workbook_imports"]
