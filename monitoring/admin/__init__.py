"""The admin sections of how far we are, one module a subject."""

from monitoring.admin import audit, reports, rounds, updates

__all__ = ["audit", "reports", "rounds", "updates"]
