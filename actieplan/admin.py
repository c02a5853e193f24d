"""Users and groups."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.http import HttpRequest

from actieplan.models import User
from din.admin.cells import CellError, MomentCell, ReferencesCell, is_empty
from din.admin.exchange import Exchange
from din.admin.resources import Resource, shown
from din.admin.section import Listed, count_of
from din.admin.trailed import Trailed
from din.models import Owner, OwnerMember

# What only somebody who is an application administrator without limits may give or touch.
SUPERUSER_ONLY = "Alleen een supergebruiker kan een supergebruiker wijzigen."


class UserResource(Resource):
    """Users without their passwords: a new user gets none, and asks for one by e-mail."""

    last_login = shown("last_login", "laatste aanmelding", MomentCell)

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "first_name",
            "last_name",
            "email",
            "is_active",
            "is_staff",
            "groups",
            "last_login",
        )

    def after_init_instance(self, instance: User, new: bool, row: Any, **kwargs: Any) -> None:
        if new:
            instance.set_unusable_password()
        elif instance.is_superuser and not kwargs["user"].is_superuser:
            raise ValidationError(SUPERUSER_ONLY)


class OwnerLinkInline(admin.StackedInline):
    model = OwnerMember
    fields = [("owner", "kind")]
    extra = 1
    verbose_name = "eigenaar"
    verbose_name_plural = "lid of vervanger van"

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "owner":
            owners = Owner.objects.select_related("programme")
            field.choices = [("", field.empty_label), *((o.pk, f"{o.name} ({o.programme})") for o in owners)]
        return field


@admin.register(User)
class UserAdmin(Trailed, Exchange, Listed, DjangoUserAdmin):
    resource_classes = [UserResource]
    filter_horizontal: ClassVar[Any] = []  # boxes instead
    inlines = [OwnerLinkInline]
    list_display = ["username", "get_full_name", "email", "group_names", "is_active", "is_staff", "last_login"]
    list_filter = ["groups", "is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "first_name", "last_name", "email"]
    search_help_text = "Zoek op gebruikersnaam, naam of e-mailadres."
    ordering = ["username"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Persoon", {"fields": ["first_name", "last_name", "email"]}),
        (
            "Rollen",
            {
                "fields": ["is_active", "groups", "is_staff", "is_superuser"],
                "description": "Wat iemand mag, volgt uit de groepen. Wie in dit beheer moet zijn, is ook staflid.",
            },
        ),
        ("Aanmeldingen", {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [*self.readonly_fields, *([] if request.user.is_superuser else ["is_superuser"])]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # The action "delete selected" asks for no permission on each object.
        found, counts, missing, protected = super().get_deleted_objects(objs, request)
        if any(not _may_touch(request, user) for user in objs):
            missing = {*missing, SUPERUSER_ONLY}
        return found, counts, missing, protected

    @admin.display(description="naam", ordering="last_name")
    def get_full_name(self, user: User) -> str:
        return user.get_full_name() or "–"

    @admin.display(description="groepen")
    def group_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or bool(request.user.is_superuser)


_PERMISSION_WORDS = {
    "Can add ": "toevoegen: ",
    "Can change ": "wijzigen: ",
    "Can delete ": "verwijderen: ",
    "Can view ": "bekijken: ",
}


def permission_label(permission: Permission) -> str:
    """A permission in Dutch; Django names those that it makes itself in English."""
    for english, dutch in _PERMISSION_WORDS.items():
        if permission.name.startswith(english):
            return f"{dutch}{permission.content_type.name}"
    return permission.name


def offered_permissions() -> QuerySet[Permission]:
    """What a group can be given on screen: not the history tables and the innards of the packages."""
    return (
        Permission.objects.filter(content_type__app_label__in=["actieplan", "auth", "din", "monitoring"])
        .exclude(content_type__model__startswith="historical")
        .exclude(content_type__model="permission")
        .select_related("content_type")
    )


class PermissionField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Permission) -> str:
        return f"{obj.content_type.app_labeled_name.split(' | ')[0]} | {permission_label(obj)}"


class PermissionsCell(ReferencesCell):
    """Permissions by name, "din.read_programmes": their ids differ between installations."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        if is_empty(value):
            return []
        names = dict.fromkeys(name.strip() for name in str(value).split(",") if name.strip())
        found = {
            f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")
        }
        if missing := [name for name in names if name not in found]:
            raise CellError(f"Deze rechten bestaan niet: {', '.join(missing)}.")
        return [found[name] for name in names]

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        return ", ".join(sorted(f"{p.content_type.app_label}.{p.codename}" for p in value.all()))


class GroupResource(Resource):
    class Meta:
        model = Group
        fields = ("id", "name", "permissions")

    @classmethod
    def get_m2m_widget(cls, field: Any) -> Any:
        return lambda: PermissionsCell(field.related_model)

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return super().filter_export(queryset, **kwargs).prefetch_related("permissions__content_type")


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(Trailed, Exchange, Listed, DjangoGroupAdmin):
    resource_classes = [GroupResource]
    filter_horizontal: ClassVar[Any] = []  # boxes instead
    list_display = ["name", "user_count", "permission_count"]
    list_filter = ["permissions__content_type__app_label"]
    search_fields = ["name", "permissions__codename"]
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        members = User.groups.through._default_manager.all()
        rights = Group.permissions.through._default_manager.all()
        return (
            super()
            .get_queryset(request)
            .annotate(user_count=count_of(members, "group"), permission_count=count_of(rights, "group"))
        )

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest | None = None, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionField
            kwargs["queryset"] = offered_permissions()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        # The form sets what it offers; what it leaves out stays as it was.
        kept = list(form.instance.permissions.exclude(pk__in=offered_permissions())) if change else []
        super().save_related(request, form, formsets, change)
        form.instance.permissions.add(*kept)

    @admin.display(description="gebruikers", ordering="user_count")
    def user_count(self, group: Group) -> int:
        return group.user_count  # type: ignore[attr-defined]

    @admin.display(description="rechten", ordering="permission_count")
    def permission_count(self, group: Group) -> int:
        return group.permission_count  # type: ignore[attr-defined]
