from django.apps import AppConfig

from din.recorded import told_by
from din.trail import kept_by


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = "Rondes en voortgang"

    def ready(self) -> None:
        from monitoring.audit import keep
        from monitoring.recorded import recorded_since

        kept_by(keep)
        told_by(recorded_since)
