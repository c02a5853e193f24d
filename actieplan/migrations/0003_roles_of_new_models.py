from django.db import migrations

from actieplan.roles import grant_roles


def forwards(apps, schema_editor):
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("actieplan", "0002_roles"), ("monitoring", "0002_round_from_opening_to_adoption")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
