"""The admin sections of how far we are, one module a subject."""

from monitoring.admin import audit, indicators, reports, rounds, updates

__all__ = ["audit", "indicators", "reports", "rounds", "updates"]
