"""The chain of the audit trail: every alteration is found, and the first altered line is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actieplan.models import User
from monitoring import audit_chain
from monitoring.audit import append, audit, audit_line
from monitoring.audit_chain import hash_of, verify
from monitoring.immutability import lift_guards, set_guards
from monitoring.models import AuditChain, AuditLine
from tests.cast import Stage
from tests.conftest import LogIn
from tests.guards import unguarded

SITE = AuditLine.Origin.SITE


def line(stage: Stage, note: str = "") -> AuditLine:
    return audit_line(
        actor=stage.people.manager,
        origin=SITE,
        action="open",
        subject=stage.open_round,
        result="open",
        at=timezone.now(),
        note=note,
    )


@pytest.fixture
def lines(stage: Stage) -> list[AuditLine]:
    append([line(stage, note=f"regel {number}") for number in range(1, 7)])
    return list(AuditLine.objects.order_by("pk"))


def output_of_the_command() -> str:
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def test_lines_follow_each_other(lines: list[AuditLine], stage: Stage) -> None:
    append([line(stage)])
    found = list(AuditLine.objects.order_by("pk"))
    assert [one.previous_hash for one in found] == ["", *(one.line_hash for one in found[:-1])]
    assert len({one.line_hash for one in found}) == 7
    end = AuditChain.objects.get()
    assert (end.lines, end.last_hash) == (7, found[-1].line_hash)


def test_a_whole_chain_says_so_and_gives_its_last_hash(lines: list[AuditLine]) -> None:
    said = output_of_the_command()
    assert "Het logboek klopt: 6 regels." in said
    assert lines[-1].line_hash in said


def test_an_empty_trail_is_whole(db: None) -> None:
    assert "0 regels" in output_of_the_command()


Alteration = Callable[[list[AuditLine]], object]


def change(index: int, **values: object) -> Alteration:
    return lambda lines: AuditLine.objects.filter(pk=lines[index].pk).update(**values)


def delete(*indexes: int) -> Alteration:
    return lambda lines: AuditLine.objects.filter(pk__in=[lines[index].pk for index in indexes]).delete()


def forge(lines: list[AuditLine]) -> None:
    """Alter a line and give it the hash that then fits."""
    forged = lines[2]
    forged.note = "vervalst"
    forged.line_hash = hash_of(forged)
    AuditLine.objects.filter(pk=forged.pk).update(note=forged.note, line_hash=forged.line_hash)


def add_at_the_end(lines: list[AuditLine]) -> None:
    """A line that fits, without moving the end on."""
    extra = AuditLine.objects.get(pk=lines[-1].pk)
    extra.pk, extra.previous_hash = None, extra.line_hash
    extra.line_hash = hash_of(extra)
    extra.save(force_insert=True)


def swap(lines: list[AuditLine]) -> None:
    one, other = lines[1], lines[2]
    AuditLine.objects.filter(pk=one.pk).update(id=99_999)
    AuditLine.objects.filter(pk=other.pk).update(id=one.pk)
    AuditLine.objects.filter(pk=99_999).update(id=other.pk)


# what is done -> the place (from 0) of the line that must be named
ALTERATIONS: dict[str, tuple[Alteration, int]] = {
    "another time": (change(0, at=timezone.now()), 0),
    "another actor": (change(2, actor=None), 2),
    "another origin": (change(2, origin="command"), 2),
    "another action": (change(2, action="adopt"), 2),
    "another object": (change(2, object_id=77), 2),
    "another kind": (change(2, object_type="update"), 2),
    "another label": (change(2, object_label="iets anders"), 2),
    "another result": (change(2, result="adopted"), 2),
    "another note": (change(5, note=""), 5),
    "two lines": (lambda lines: [change(4, note="x")(lines), change(1, note="y")(lines)], 1),
    "a line and its hash": (forge, 3),
    "the first line gone": (delete(0), 1),
    "a line in the middle gone": (delete(3), 4),
    "the last line gone": (delete(5), 4),
    "the last three gone": (delete(3, 4, 5), 2),
    "two lines swapped": (swap, 1),
    "a line added at the end": (add_at_the_end, 6),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_alteration_is_found_and_named(lines: list[AuditLine], name: str) -> None:
    alter, place = ALTERATIONS[name]
    with unguarded():
        alter(lines)
    pks = [one.pk for one in lines]
    named = pks[place] if place < len(pks) else AuditLine.objects.latest("pk").pk
    with pytest.raises(CommandError) as found:
        output_of_the_command()
    assert "Het logboek klopt niet." in str(found.value)
    assert f"egel {named}" in str(found.value), found.value


def test_all_lines_gone_is_found(lines: list[AuditLine]) -> None:
    with unguarded():
        AuditLine.objects.all().delete()
    assert "ontbreken 6 regels" in verify().fault


def test_a_missing_trigger_is_told(lines: list[AuditLine]) -> None:
    lift_guards(connection)
    with pytest.raises(CommandError, match="guard_monitoring_auditline_update"):
        output_of_the_command()
    set_guards(connection)


def test_many_lines_cost_as_many_queries_as_one(stage: Stage) -> None:
    used = []
    for count in (1, 40):
        with CaptureQueriesContext(connection) as queries:
            append([line(stage) for _ in range(count)])
        used.append(len(queries))
    assert used[0] == used[1] == 5  # of which two for a savepoint


def test_nothing_to_add_costs_nothing(db: None, django_assert_num_queries: Callable[[int], object]) -> None:
    with django_assert_num_queries(0):
        append([])


def test_the_walk_goes_in_pieces(lines: list[AuditLine]) -> None:
    with patch.object(audit_chain, "_CHUNK", 2):
        assert verify().lines == 6


def test_the_hash_fits_what_comes_back_from_the_database(stage: Stage) -> None:
    awkward = "een\x00 twee\x0b drie\r\nvier “vijf” \ud800 ✓ " + "lang " * 100
    stage.programme.name = "Naam\x07met teken"
    audit(
        actor=None, origin=AuditLine.Origin.COMMAND, action="x", subject=User(pk=1, username=awkward), result="y",
        at=timezone.localtime(), note=awkward,
    )  # fmt: skip
    assert verify().fault == ""


def test_a_hash_that_was_kept_elsewhere_finds_its_line(lines: list[AuditLine], stage: Stage, log_in: LogIn) -> None:
    section = reverse("admin:monitoring_auditline_changelist")
    page = log_in(stage.people.administrator).get(section, {"q": lines[2].line_hash})
    assert [found.pk for found in page.context["cl"].result_list] == [lines[2].pk]
