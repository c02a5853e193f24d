"""Handing mails over to the mail server: plain text, one addressee each. The only module that sends."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    body: str


def absolute(path: str) -> str:
    """The whole address of a page of the site, for in a mail."""
    return f"{settings.SITE_URL}{path}"


def one_line(subject: str) -> str:
    """A subject that cannot begin another header."""
    return " ".join(subject.split())


def is_reachable(connection: BaseEmailBackend) -> bool:
    """Whether the mail server answers; opens the connection when it is not open."""
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        logger.error("The mail server does not answer: %s", type(error).__name__)
        return False
    return True


def send(mail: Mail, connection: BaseEmailBackend) -> bool:
    """Hand `mail` over; False, with a line in the log without the address, when it was not taken."""
    message = EmailMessage(one_line(mail.subject), mail.body, to=[mail.to], connection=connection)
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:
        # A ValueError is an address or a header that cannot be sent.
        logger.error("A mail was not taken: %s", type(error).__name__)
        connection.close()
        return False
    return True


def send_after_commit(mails: Sequence[Mail]) -> None:
    """Hand `mails` over once what they are about is stored. One that is not taken stops neither the others nor the
    write."""
    if mails:
        transaction.on_commit(partial(_send_all, tuple(mails)), robust=True)


def _send_all(mails: Sequence[Mail]) -> None:
    connection = get_connection()
    for mail in mails:
        if not is_reachable(connection):
            break
        send(mail, connection)
    connection.close()
