"""The report in Word: a template that the manager changes in Word, its fields, its checks, and filling it in."""
