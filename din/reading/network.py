"""The DIN under construction: what was read so far, merged by text within a theme (contract, Cells)."""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

from din.reading import limits, refusal
from din.reading.deadlines import deadline_in_text
from din.reading.document import Ambition, Document, Effort, ErGoal, SmartGoal, Theme
from din.reading.findings import Findings
from din.reading.refusal import Refused
from din.reading.theme_names import ThemeName
from din.text import text_key

# The name of a theme as it is compared; None is the programme as a whole.
ThemeKey = str | None
NodeKey = tuple[ThemeKey, str]
# Whether it is an ER-goal or an ambition that goals stand under, and which; None for nothing.
Side = tuple[bool, NodeKey | None]


@dataclass
class _Theme:
    name: str
    kind: str | None
    default_kind: str
    number: int | None


@dataclass
class Node:
    """One thing on one level: its text, where it first stands, and the things one level up that it serves."""

    theme: ThemeKey
    text: str
    source: str
    parents: dict[NodeKey, None] = field(default_factory=dict)


@dataclass
class GoalNode(Node):
    """A SMART goal; `ambitions` are those of its rows, which tell goals apart where there are no ER-goals."""

    number: int | None = None
    owner: str | None = None
    deadline: str | None = None
    without_end: bool = False
    focus_areas: dict[str, str] = field(default_factory=dict)
    ambitions: dict[NodeKey, None] = field(default_factory=dict)


@dataclass
class EffortNode(Node):
    lead: str | None = None


N = TypeVar("N", bound=Node)


class Network:
    """Collects themes, ambitions, goals and efforts in the workbook's order, each once within its theme."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._themes: dict[str, _Theme] = {}
        self._keys: dict[str, str] = {}
        self._labelled: dict[tuple[str, int], str] = {}
        self._lines = self._characters = 0
        self.ambitions: dict[NodeKey, Node] = {}
        self.er_goals: dict[NodeKey, Node] = {}
        self.smart_goals: dict[NodeKey, GoalNode] = {}
        self.efforts: dict[NodeKey, EffortNode] = {}

    def key_of(self, theme: ThemeName) -> str:
        """Return the key under which a theme is known; a bare "Pijler 2" is the pijler 2 that was named before."""
        # A long name would take long on every row.
        key = self._keys.get(theme.name)
        if key is None:
            key = self._keys[theme.name] = text_key(theme.name)
        if (
            key not in self._themes
            and theme.kind
            and theme.number is not None
            and key == f"{theme.kind} {theme.number}"
        ):
            return self._labelled.get((theme.kind, theme.number), key)
        return key

    def add_theme(self, theme: ThemeName, source: str, default_kind: str | None = None) -> str:
        """Note that a theme is used and return its key; what its first mention leaves out, a later one may tell."""
        key = self.key_of(theme)
        known = self._themes.get(key)
        if known is None:
            known = self._themes[key] = _Theme(theme.name, theme.kind, default_kind or "thema", theme.number)
        for told, value in (("kind", theme.kind), ("number", theme.number)):
            before = getattr(known, told)
            if before is None:
                setattr(known, told, value)
            elif value is not None and value != before:
                word = "de soort" if told == "kind" else "het nummer"
                self._findings.warn(
                    f"'{known.name}' heeft hier een andere aanduiding: {word} is eerst '{before}' en nu '{value}'. "
                    f"De eerste telt.",
                    source,
                )
        if known.kind and known.number is not None:
            self._labelled.setdefault((known.kind, known.number), key)
        return key

    def add_ambition(self, theme: ThemeKey, text: str, source: str) -> NodeKey:
        return self._add(self.ambitions, Node, theme, text, source, ())

    def add_er_goal(self, theme: ThemeKey, text: str, source: str, ambitions: tuple[NodeKey, ...]) -> NodeKey:
        return self._add(self.er_goals, Node, theme, text, source, ambitions)

    def add_smart_goal(self, theme: ThemeKey, text: str, source: str, er_goals: tuple[NodeKey, ...]) -> NodeKey:
        return self._add(self.smart_goals, GoalNode, theme, text, source, er_goals)

    def add_effort(self, theme: ThemeKey, text: str, source: str, smart_goals: tuple[NodeKey, ...]) -> NodeKey:
        return self._add(self.efforts, EffortNode, theme, text, source, smart_goals)

    def _add(
        self,
        nodes: dict[NodeKey, N],
        kind: type[N],
        theme: ThemeKey,
        text: str,
        source: str,
        above: tuple[NodeKey, ...],
    ) -> NodeKey:
        key = (theme, text_key(text))
        node = nodes.get(key)
        if node is None:
            node = nodes[key] = kind(theme, text, source)
            self._characters += len(text)
            if self._characters > limits.DOCUMENT_CHARACTERS:
                raise Refused(refusal.TOO_MUCH_TEXT)
        self.count_lines(1 + len(above))
        node.parents.update(dict.fromkeys(above))
        return key

    def count_lines(self, lines: int) -> None:
        """Note that so many lines are about to be made or looked at; raises Refused when that is too much."""
        self._lines += lines
        if self._lines > limits.LINES:
            raise Refused(refusal.TOO_MANY_LINES)

    def settle_numbers(self) -> None:
        """Judge numbers that occur twice in a theme.

        Contract, Cells: under one ER-goal it is an error; under different ER-goals the numbering evidently restarts,
        and the numbers of that theme are dropped with a warning.
        """
        by_theme: dict[ThemeKey, list[GoalNode]] = {}
        for goal in self.smart_goals.values():
            by_theme.setdefault(goal.theme, []).append(goal)
        for theme, goals in by_theme.items():
            restarts: tuple[GoalNode, int] | None = None
            wrong = False
            numbers: set[int] = set()
            stands_under: dict[tuple[int, Side], tuple[int, GoalNode]] = {}
            for place, goal in enumerate(goals):
                if goal.number is None:
                    continue
                sides = [(goal.number, side) for side in _sides(goal)]
                twins = [stands_under[side] for side in sides if side in stands_under]
                if twins:
                    _, twin = min(twins, key=itemgetter(0))
                    wrong = True
                    self._findings.error(
                        f"Nummer {goal.number} komt twee keer voor onder hetzelfde ER-doel, met verschillende teksten "
                        f"(zie ook {twin.source}). Geef elk SMART-doel een eigen nummer, of maak de teksten gelijk.",
                        goal.source,
                    )
                elif goal.number in numbers and restarts is None:
                    restarts = (goal, goal.number)
                numbers.add(goal.number)
                for side in sides:
                    stands_under.setdefault(side, (place, goal))
            if restarts and not wrong:
                goal, number = restarts
                for it in goals:
                    it.number = None
                self._findings.warn(
                    f"De nummers van {self._phrase(theme)} beginnen per ER-doel opnieuw (nummer "
                    f"{number} komt vaker voor). "
                    "De nummers van dit onderdeel zijn daarom niet overgenomen.",
                    goal.source,
                )

    def warn_of_loose_efforts(self) -> None:
        """Say which efforts serve no SMART goal; they are kept."""
        for effort in self.efforts.values():
            if not effort.parents:
                self._findings.warn(
                    "Deze inspanning hoort bij geen SMART-doel. Zij is wel overgenomen. Zet "
                    "haar op de rij van een SMART-doel "
                    "als zij daarbij hoort.",
                    effort.source,
                )

    def document(self, year: int) -> Document:
        """Return what was collected, in the workbook's order; a goal without a deadline has that of its own text."""
        return Document(
            tuple(Theme(it.kind or it.default_kind, it.number, it.name) for it in self._themes.values()),
            tuple(Ambition(self._name(it.theme), it.text, it.source) for it in self.ambitions.values()),
            tuple(
                ErGoal(self._name(it.theme), it.text, tuple(self.ambitions[key].text for key in it.parents), it.source)
                for it in self.er_goals.values()
            ),
            tuple(
                SmartGoal(
                    self._name(it.theme),
                    it.number,
                    it.text,
                    it.deadline or (None if it.without_end else deadline_in_text(it.text, year)),
                    tuple(self.er_goals[key].text for key in it.parents),
                    tuple(it.focus_areas.values()),
                    it.owner,
                    it.source,
                )
                for it in self.smart_goals.values()
            ),
            tuple(
                Effort(
                    self._name(it.theme),
                    it.text,
                    tuple(self.smart_goals[key].text for key in it.parents),
                    it.lead,
                    it.source,
                )
                for it in self.efforts.values()
            ),
        )

    def name_of(self, theme: ThemeKey) -> str | None:
        """Return a theme's name as first written; None for the programme as a whole, and for one that is not used."""
        return self._themes[theme].name if theme in self._themes else None

    def has_theme(self, theme: ThemeName) -> bool:
        """Tell whether anything was read for a theme."""
        return self.key_of(theme) in self._themes

    def _name(self, theme: ThemeKey) -> str | None:
        return None if theme is None else self._themes[theme].name

    def _phrase(self, theme: ThemeKey) -> str:
        return "het programma" if theme is None else f"'{self._name(theme)}'"


def _sides(goal: GoalNode) -> list[Side]:
    """Return what a goal stands under: its ER-goals; without them its ambitions, or nothing. Goals that share one stand
    side by side.
    """
    above = goal.parents or goal.ambitions or (None,)
    return [(bool(goal.parents), key) for key in above]
