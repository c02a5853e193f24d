"""The four roles as groups, and what each may do. A migration makes them; the administrator can add to them."""

from typing import Any

from django.contrib.auth.management import create_permissions

OFFICER = "Beleidsadviseur"
MANAGER = "Programmamanager"
COUNCIL = "Raad"
ADMINISTRATOR = "Beheerder"

# Group -> permissions. "app.*" stands for every permission of the models of that app.
ROLES: dict[str, list[str]] = {
    OFFICER: ["din.read_programmes", "monitoring.read_open_rounds", "monitoring.record_updates"],
    MANAGER: [
        "din.read_programmes",
        "din.manage_programmes",
        "monitoring.read_open_rounds",
        "monitoring.record_updates",
    ],
    COUNCIL: ["din.read_programmes"],
    ADMINISTRATOR: ["din.*", "monitoring.*", "actieplan.*", "auth.*"],
}


def grant_roles(apps: Any) -> None:
    """Make the groups that are not there and give each the permissions of ROLES; takes nothing away.

    `apps` is a registry, of a migration or the live one. Call it again in a migration that adds models.
    """
    for label in ("din", "monitoring", "actieplan", "auth"):
        config = apps.get_app_config(label)
        # A migration's registry has no modules; without one, create_permissions would make nothing.
        config.models_module = getattr(config, "models_module", None) or True
        create_permissions(config, apps=apps, verbosity=0)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for name, wanted in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=name)
        for entry in wanted:
            label, codename = entry.split(".")
            permissions = permission_model.objects.filter(content_type__app_label=label)
            if codename != "*":
                permissions = permissions.filter(codename=codename)
            group.permissions.add(*permissions)
