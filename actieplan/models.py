from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person who logs in. What somebody may do follows from the groups (roles.py), whose goals from the owners."""

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_differs_by_more_than_case",
                violation_error_message="Er is al een gebruiker met deze naam.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
