"""Let the database itself keep what was adopted, and the audit trail (see monitoring/immutability.py)."""

from django.db import migrations, models

from monitoring.immutability import lift_guards, set_guards


def on(apps, schema_editor):
    set_guards(schema_editor.connection)


def off(apps, schema_editor):
    lift_guards(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("monitoring", "0003_chained_audit_trail")]

    operations = [
        migrations.AddConstraint(
            model_name="auditline",
            constraint=models.UniqueConstraint(
                fields=("previous_hash",),
                name="audit_line_follows_one_line",
                violation_error_message="Op een regel volgt hoogstens één andere.",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditline",
            constraint=models.CheckConstraint(
                condition=~models.Q(line_hash=""),
                name="audit_line_is_chained",
                violation_error_message="Een regel hoort in de keten.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportedgoal",
            constraint=models.UniqueConstraint(
                fields=("report", "position"),
                name="reported_goal_one_a_place",
                violation_error_message="Op deze plaats in de editie staat al een doel.",
            ),
        ),
        migrations.RunPython(on, off),
    ]
