"""The admin sections of how far we are, one module a subject."""

from monitoring.admin import audit, commitments, indicators, reports, rounds, updates, word_templates

__all__ = ["audit", "commitments", "indicators", "reports", "rounds", "updates", "word_templates"]
