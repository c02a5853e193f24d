"""Chain the lines of the audit trail that are there, and let an edition say how many goals it holds."""

from django.db import migrations, models

from monitoring.audit_chain import CHAIN, hash_of


def chain_lines(apps, schema_editor):
    AuditLine = apps.get_model("monitoring", "AuditLine")
    count, previous_hash = 0, ""
    for pk in list(AuditLine.objects.order_by("pk").values_list("pk", flat=True)):
        line = AuditLine.objects.get(pk=pk)
        line.previous_hash = previous_hash
        line.line_hash = previous_hash = hash_of(line)
        line.save(update_fields=["previous_hash", "line_hash"])
        count += 1
    apps.get_model("monitoring", "AuditChain").objects.create(pk=CHAIN, last_hash=previous_hash, lines=count)


def unchain(apps, schema_editor):
    apps.get_model("monitoring", "AuditChain").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [("monitoring", "0002_round_from_opening_to_adoption")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="goal_count",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="aantal doelen"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="auditline",
            name="line_hash",
            field=models.CharField(editable=False, max_length=64, verbose_name="controlegetal"),
        ),
        migrations.AlterField(
            model_name="reportedgoal",
            name="position",
            field=models.PositiveIntegerField(
                help_text="Vanaf 1, in de volgorde van het rapport.", verbose_name="plaats"
            ),
        ),
        migrations.RunPython(chain_lines, unchain),
    ]
