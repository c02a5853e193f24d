from django.db import migrations

from actieplan.roles import grant_roles


def forwards(apps, schema_editor):
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("actieplan", "0006_roles_of_report_texts"), ("monitoring", "0009_word_templates")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
