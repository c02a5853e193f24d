from django.db import migrations

from actieplan.roles import grant_roles


def forwards(apps, schema_editor):
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("actieplan", "0003_roles_of_new_models"), ("monitoring", "0006_indicators_and_commitments")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
