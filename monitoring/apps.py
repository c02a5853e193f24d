from django.apps import AppConfig

from din.trail import kept_by


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = "Rondes en voortgang"

    def ready(self) -> None:
        from monitoring.audit import keep

        kept_by(keep)
