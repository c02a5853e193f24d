from django.db import migrations

from actieplan.roles import grant_roles


def forwards(apps, schema_editor):
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("actieplan", "0004_roles_of_insight"), ("din", "0007_recut")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
