"""The mail that tells the people of an owner that progress was sent back."""

from django.urls import reverse

from monitoring.mails import Mail, absolute
from monitoring.models import Update
from monitoring.owner_links import people_of


def return_mails(update: Update) -> list[Mail]:
    """One mail to each of the owner's people with an address. The reason itself is read behind the log-in."""
    goal, round_ = update.goal, update.round
    title = f"doel {goal.reference}" if goal.reference else "een doel"
    address = absolute(f"{reverse('record_update', args=[goal.pk])}?ronde={round_.name}")
    return [
        Mail(
            to=user.email,
            subject=f"Teruggestuurd: {title} ({round_.programme.name})",
            body=(
                f"Beste {user},\n\n"
                f"De programmamanager stuurde de voortgang van {title} terug, met een reden ({round_.label}):\n"
                f"{goal}\n\n"
                f"Lees de reden, pas de tekst aan en dien die opnieuw in:\n{address}\n\n"
                "Programmamonitor\n"
            ),
        )
        for user in people_of(goal.owner)
        if user.email
    ]
