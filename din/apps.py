from django.apps import AppConfig


class DinConfig(AppConfig):
    name = "din"
    verbose_name = "Programma's en plannen"
