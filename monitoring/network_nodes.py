"""The network of a plan in one round: its nodes with all that a page says about them, and the lines between them."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.utils.text import capfirst

from din.models import Ambition, Effort, ErGoal, Goal, Plan, Programme
from din.models.levels import Level
from din.network import AMBITION, EFFORT, ER_GOAL, GOAL, THEME, Column, Line, Network
from din.network_order import good_order
from din.text import one_line
from monitoring.dashboard import theme_url, themes_of
from monitoring.goal_line import goal_addresses, goal_line, in_plan_order, theme_title
from monitoring.network_roll_up import ROLLED_LABELS, roll_up
from monitoring.round_choice import RoundChoice, goals_shown
from monitoring.standing import LABELS

# An order is kept for this long after it was last made, in seconds; a plan that changes gets another key.
KEPT_FOR = 60 * 60 * 24 * 90

_KIND_WORDS = {
    AMBITION: ("ambitie", "ambities"),
    ER_GOAL: ("ER-doel", "ER-doelen"),
    THEME: ("onderdeel", "onderdelen"),
    GOAL: ("doel", "doelen"),
    EFFORT: ("inspanning", "inspanningen"),
}
_GOAL_WORDS = {
    Goal.Kind.SMART_GOAL: ("SMART-doel", "SMART-doelen"),
    Goal.Kind.OPGAVE: ("opgave", "opgaven"),
    Goal.Kind.MAATREGEL: ("maatregel", "maatregelen"),
    Goal.Kind.COLLEGETARGET: ("collegetarget", "collegetargets"),
}


@dataclass(frozen=True)
class NetworkNode:
    """A node and what is said about it. `standing` is empty without a round, and of an effort.

    `url` is its own page, empty when it has none. `breakdown` says how the goals under it stand. `text` has no line
    breaks, control characters or marks of direction.
    """

    key: str
    kind: str
    kind_label: str
    text: str
    reference: str = ""
    url: str = ""
    theme: str = ""
    theme_pk: int | None = None
    owner: str = ""
    owner_pk: int | None = None
    focus_areas: tuple[int, ...] = ()
    standing: str = ""
    standing_label: str = ""
    attention: bool = False
    late: bool = False
    deadline_label: str = ""
    breakdown: str = ""

    @property
    def label(self) -> str:
        """The text after its number."""
        return f"{self.reference} {self.text}" if self.reference else self.text


@dataclass(frozen=True)
class PlanNetwork:
    """The network with its nodes by key; `kind_words` are the singular and plural of each kind of node."""

    network: Network
    nodes: dict[str, NetworkNode]
    kind_words: dict[str, tuple[str, str]]
    has_standings: bool


def read_network(programme: Programme, choice: RoundChoice, *, as_of: datetime.date) -> PlanNetwork:
    """The network that a page with this choice of round draws, in a number of queries that does not depend on it.

    The goals and their texts are those of the round, frozen when it was adopted. Ambitions, ER-goals, efforts and
    lines stand as the plan has them now. Without ER-goals the themes stand in their place.
    """
    plan = choice.plan
    goals, kind_words = _goals(choice, as_of=as_of)
    ambitions = _level(AMBITION, Ambition.objects.filter(plan=plan).select_related("theme"))
    er_goals = _level(ER_GOAL, ErGoal.objects.filter(plan=plan).select_related("theme"))
    efforts = _efforts(plan)
    nodes = {node.key: node for node in (*ambitions, *er_goals, *goals, *efforts)}
    columns = [Column(AMBITION, _keys(ambitions)), Column(ER_GOAL, _keys(er_goals))]
    lines = [Line(_key(GOAL, goal), _key(EFFORT, effort)) for effort, goal in _lines(Effort.goals.through, plan)]
    if er_goals:
        lines += [Line(_key(AMBITION, up), _key(ER_GOAL, low)) for low, up in _lines(ErGoal.ambitions.through, plan)]
        lines += [Line(_key(ER_GOAL, up), _key(GOAL, low)) for low, up in _lines(Goal.er_goals.through, plan)]
    else:
        themes = _themes(programme, choice, goals)
        nodes |= {node.key: node for node in themes}
        columns.append(Column(THEME, _keys(themes)))
        lines += _lines_of_themes(ambitions, themes, goals)
    columns += [Column(GOAL, _keys(goals)), Column(EFFORT, _keys(efforts))]
    network = _ordered(Network.of(columns, lines))
    has_standings = choice.round is not None
    if has_standings:
        nodes = _rolled_up(network, nodes)
    return PlanNetwork(network, nodes, _KIND_WORDS | {GOAL: kind_words}, has_standings)


def counted(count: int, words: tuple[str, str]) -> str:
    """For example "1 ER-doel" or "3 ER-doelen"."""
    return f"{count} {words[0] if count == 1 else words[1]}"


def title(plan_network: PlanNetwork, kind: str) -> str:
    """What stands above the column of a kind, for example "SMART-doelen"."""
    return capfirst(plan_network.kind_words[kind][1])


def _goals(choice: RoundChoice, *, as_of: datetime.date) -> tuple[list[NetworkNode], tuple[str, str]]:
    """The goals of the round, and what one and more of them are called."""
    areas: defaultdict[int, list[int]] = defaultdict(list)
    shown = goals_shown(choice, as_of=as_of)
    tags = Goal.focus_areas.through.objects.filter(focusarea__plan=choice.plan)
    for goal_pk, area_pk in tags.order_by("pk").values_list("goal_id", "focusarea_id"):
        areas[goal_pk].append(area_pk)
    nodes, kinds = [], set()
    address = goal_addresses()
    for goal in in_plan_order(shown):
        line = goal_line(goal, address=address)
        kinds.add(goal.kind)
        nodes.append(
            NetworkNode(
                key=_key(GOAL, goal.pk),
                kind=GOAL,
                kind_label=_GOAL_WORDS[Goal.Kind(goal.kind)][0],
                text=one_line(line.text),
                reference=one_line(line.reference),
                url=line.url,
                theme=one_line(line.theme),
                theme_pk=line.theme_pk,
                owner=one_line(line.owner),
                owner_pk=goal.owner_pk,
                focus_areas=tuple(areas[goal.pk]),
                standing=line.standing,
                standing_label=line.standing_label,
                attention=line.attention,
                late=line.late,
                deadline_label=line.deadline_label,
            )
        )
    words = _GOAL_WORDS[Goal.Kind(kinds.pop())] if len(kinds) == 1 else _KIND_WORDS[GOAL]
    return nodes, words


def _level(kind: str, items: Iterable[Level]) -> list[NetworkNode]:
    return [
        NetworkNode(
            key=_key(kind, item.pk),
            kind=kind,
            kind_label=_KIND_WORDS[kind][0],
            text=one_line(item.text),
            theme=one_line(theme_title(item.theme)),
            theme_pk=item.theme_id,
        )
        for item in items
    ]


def _efforts(plan: Plan | None) -> list[NetworkNode]:
    efforts = list(Effort.objects.filter(plan=plan).select_related("theme", "lead"))
    return [
        replace(node, owner="" if effort.lead is None else one_line(effort.lead.name), owner_pk=effort.lead_id)
        for node, effort in zip(_level(EFFORT, efforts), efforts, strict=True)
    ]


def _themes(programme: Programme, choice: RoundChoice, goals: Iterable[NetworkNode]) -> list[NetworkNode]:
    return [
        NetworkNode(
            key=_key(THEME, theme.pk),
            kind=THEME,
            kind_label=_KIND_WORDS[THEME][0],
            text=one_line(title),
            url=theme_url(programme, theme, choice),
            theme=one_line(title),
            theme_pk=theme.pk,
        )
        for theme, title in themes_of(programme, choice, {goal.theme_pk: goal.theme for goal in goals})
    ]


def _lines(through: type, plan: Plan | None) -> list[tuple[int, int]]:
    """The two ends of the lines of a table of lines, the lower end first, as far as the upper one is of `plan`."""
    lower, upper = [field.attname for field in through._meta.fields if field.is_relation]  # type: ignore[attr-defined]
    of_plan = {f"{upper.removesuffix('_id')}__plan": plan}
    return list(through.objects.filter(**of_plan).order_by("pk").values_list(lower, upper))  # type: ignore[attr-defined]


def _lines_of_themes(
    ambitions: Sequence[NetworkNode], themes: Sequence[NetworkNode], goals: Sequence[NetworkNode]
) -> list[Line]:
    """A goal works on its theme, a theme on its own ambitions and on those of the whole programme."""
    return [
        *(
            Line(ambition.key, theme.key)
            for ambition in ambitions
            for theme in themes
            if ambition.theme_pk in (None, theme.theme_pk)
        ),
        *(Line(_key(THEME, goal.theme_pk), goal.key) for goal in goals if goal.theme_pk is not None),
    ]


def _ordered(network: Network) -> Network:
    """The network in an order with few crossings, worked out once for each version of the plan."""
    written = "\n".join(
        [
            *(" ".join((column.kind, *column.keys)) for column in network.columns),
            *(f"{line.upper} {line.lower}" for line in network.lines),
        ]
    )
    key = f"network-order-{hashlib.sha256(written.encode()).hexdigest()}"
    order = cache.get(key)
    if order is None:
        order = good_order(network)
        cache.set(key, order, KEPT_FOR)
    return network.reordered(order)


def _rolled_up(network: Network, nodes: dict[str, NetworkNode]) -> dict[str, NetworkNode]:
    """The nodes, those above the goals with the standing that follows from the goals under them."""
    rolled = dict(nodes)
    for column in network.columns:
        if column.kind in (GOAL, EFFORT):
            break
        for key in column.keys:
            under = [nodes[other] for other in network.path(key).down if nodes[other].kind == GOAL]
            standing = roll_up((node.standing, node.late) for node in under)
            rolled[key] = replace(
                nodes[key],
                standing=standing,
                standing_label=ROLLED_LABELS[standing],
                breakdown=_breakdown(under),
            )
    return rolled


def _breakdown(goals: Sequence[NetworkNode]) -> str:
    """For example "5 doelen: 4 op schema, 1 in gevaar; 2 te laat"."""
    if not goals:
        return ""
    standings = Counter(node.standing for node in goals)
    parts = ", ".join(f"{standings[key]} {label}" for key, label in LABELS.items() if standings[key])
    late = sum(node.late for node in goals)
    return f"{counted(len(goals), _KIND_WORDS[GOAL])}: {parts}" + (f"; {late} te laat" if late else "")


def _key(kind: str, pk: int | None) -> str:
    return f"{kind}-{pk}"


def _keys(nodes: Iterable[NetworkNode]) -> tuple[str, ...]:
    return tuple(node.key for node in nodes)
