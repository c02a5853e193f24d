from django.db import migrations

from actieplan.roles import grant_roles


def forwards(apps, schema_editor):
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("actieplan", "0005_roles_of_recuts"), ("monitoring", "0008_report_texts")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
