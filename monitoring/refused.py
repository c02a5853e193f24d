"""What is raised when the state of something does not allow what was asked."""


class Refused(Exception):
    """The state does not allow this; str() is the sentence for the user."""
