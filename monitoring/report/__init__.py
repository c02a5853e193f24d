"""The progress report (voortgangsrapportage): its content, how it is frozen, and the formats that render it."""
