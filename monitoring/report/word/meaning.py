"""Whether the tags of a template mean something: known fields, lists that are walked, orders that are closed.

Nothing but what is understood here is carried out: names of fields, comparing them with a text, `and`, `or`, `not`,
and three filters. No call, no index, no sum, no attribute that is no field. Knows no Django.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from monitoring.report.word.fields import FIELDS, Field, Kind, every_field
from monitoring.report.word.tags import Tag, Wrong

FILTERS = ("upper", "lower", "length")
_FOR = re.compile(r"(?P<name>[a-z][a-z0-9_]{0,40}) in (?P<rest>.+)", re.DOTALL)
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "loop", "true", "false", "none", "self"})
_LOOP = Field(
    "loop",
    "",
    lambda one: one,
    Kind.ITEM,
    fields=(
        Field("first", "", lambda one: one, Kind.YES),
        Field("last", "", lambda one: one, Kind.YES),
        Field("index", "", lambda one: one),
        Field("length", "", lambda one: one),
    ),
)
_LONGEST = 400  # of a tag, in characters
_DEEPEST = 12
_CLOSES = {"endfor": "for", "endif": "if"}
_WITHIN = {"elif": ("if", "elif"), "else": ("if", "elif", "for")}
_REMEMBERED = 1_000  # expressions: a template says the same ones again and again
_GRAMMAR = Environment(autoescape=True)


@dataclass(frozen=True)
class Finding:
    """What is wrong in a template, and where: "Tekst, alinea 3 (“Status: …”)"."""

    where: str
    message: str


class _Unclear(Exception):
    """A tag that means nothing; the message is what the manager reads."""


@dataclass(frozen=True)
class _Opened:
    """An order that is not closed yet. `last` is its newest word, `variable` and `item` are those of a "for"."""

    tag: Tag
    last: str
    variable: str = ""
    item: Field | None = None


def check_tags(tags: list[Tag], part: str, *, takes_pictures: bool) -> Iterator[Finding]:
    """Everything that is wrong with the tags of one part of the template, which the manager knows as `part`."""
    opened: list[_Opened] = []
    for tag in tags:
        try:
            _check(tag, opened, takes_pictures)
        except _Unclear as unclear:
            yield Finding(where(part, tag), str(unclear))
    for one in opened:
        end = "endfor" if one.tag.word == "for" else "endif"
        yield Finding(
            where(part, one.tag), f"{_shown(one.tag)} wordt nergens afgesloten. Zet {_order(one.tag, end)} erna."
        )


def where(part: str, tag: Tag) -> str:
    """The place of a tag in words."""
    line = " ".join(tag.line.split())
    return f"{part}, alinea {tag.paragraph} (“{line[:60]}{'…' if len(line) > 60 else ''}”)"


class NotUnderstood(Exception):
    """An expression that cannot be read, or is more than one."""


@lru_cache(maxsize=_REMEMBERED)
def expression_of(text: str) -> nodes.Expr:
    """What stands in a tag, read. Raises NotUnderstood."""
    try:
        body = _GRAMMAR.parse(f"{{{{ {text} }}}}").body
    except (TemplateSyntaxError, RecursionError):
        raise NotUnderstood from None
    output = body[0] if len(body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1 or not isinstance(output.nodes[0], nodes.Expr):
        raise NotUnderstood
    return output.nodes[0]


def loop_of(text: str) -> tuple[str, nodes.Expr]:
    """The variable of a loop and what it walks: of "doel in onderdeel.doelen". Raises NotUnderstood."""
    found = _FOR.fullmatch(text)
    if not found or found["name"] in _KEYWORDS:
        raise NotUnderstood
    return found["name"], expression_of(found["rest"])


def _check(tag: Tag, opened: list[_Opened], takes_pictures: bool) -> None:
    if tag.wrong is Wrong.NOT_CLOSED:
        raise _Unclear(f"“{tag.text}” is niet afgesloten. Een veld eindigt met }}}} en een opdracht met %}}.")
    if tag.wrong is Wrong.NOT_A_FIELD:
        raise _Unclear(
            f"{_shown(tag)} is geen veld. Schrijf het veld tussen accolades met een spatie: {{{{ titel }}}}."
        )
    if tag.wrong is Wrong.NOT_AN_ORDER:
        raise _Unclear(
            f"{_shown(tag)} is geen opdracht. Schrijf bijvoorbeeld {{%p for doel in doelen %}}, zonder streepje."
        )
    if len(tag.rest) > _LONGEST:
        raise _Unclear(f"{_shown(tag)} is te lang.")
    if tag.element.getparent().tag != tag.element.tag[:-1] + "r":
        raise _Unclear(f"{_shown(tag)} staat op een plek waar geen veld kan staan. Zet het in gewone tekst.")
    if not tag.word:
        _check_shown(tag, opened, takes_pictures)
    elif tag.word == "for":
        _open_for(tag, opened)
    elif tag.word == "if":
        # Also when it is wrong: then its end is not found wrong as well.
        opened.append(_Opened(tag, "if"))
        _check_place(tag)
        _check_condition(_expression(tag), opened)
    elif tag.word in _WITHIN:
        _check_place(tag)
        _go_on(tag, opened)
    elif tag.word in _CLOSES:
        _check_place(tag)
        _close(tag, opened)
    else:
        raise _Unclear(f"De opdracht {tag.word} kan hier niet. Er zijn: for, endfor, if, elif, else en endif.")


def _check_place(tag: Tag) -> None:
    """An order that stands for its paragraph, row or cell takes everything in it away: nothing else may stand there."""
    if not tag.whole:
        return
    removed = tag.removed
    if removed is None:
        raise _Unclear(f"{_shown(tag)} hoort in een tabel, en daar staat het niet.")
    said = "".join(text.text or "" for text in removed.iter(tag.element.tag))
    # Two such orders in one paragraph would both take it away.
    if said.strip() != tag.text.strip():
        what = {"p": "alinea", "tr": "rij", "tc": "cel", "r": "stukje tekst"}[tag.whole]
        raise _Unclear(f"{_shown(tag)} haalt de hele {what} weg. Zet er in die {what} niets naast.")
    if any(one.tag.endswith("}sectPr") for one in removed.iter()):
        raise _Unclear(f"{_shown(tag)} staat in een alinea met een sectie-einde. Zet het in een eigen alinea.")


def _check_shown(tag: Tag, opened: list[_Opened], takes_pictures: bool) -> None:
    field = _resolved(_expression(tag), opened)
    if field.kind is Kind.PICTURE and not takes_pictures:
        raise _Unclear(f"{_shown(tag)} is een grafiek. Die kan alleen in de tekst, niet in een kop- of voettekst.")
    if field.kind in (Kind.LIST, Kind.ITEM):
        loop = f"{{%p for {field.item or 'regel'} in {tag.rest} %}}"
        raise _Unclear(f"{_shown(tag)} is meer dan één tekst. Loop erdoor met {loop}, of noem een veld ervan.")


def _open_for(tag: Tag, opened: list[_Opened]) -> None:
    place = len(opened)
    opened.append(_Opened(tag, "for"))
    _check_place(tag)
    try:
        name, expression = loop_of(tag.rest)
    except NotUnderstood:
        words = _order(tag, "for doel in onderdeel.doelen")
        raise _Unclear(f"{_shown(tag)} is geen lus. Schrijf bijvoorbeeld {words}.") from None
    around = opened[:place]
    if any(field.name == name for field in FIELDS):
        raise _Unclear(f"{name} is al de naam van een veld. Kies in {_shown(tag)} een andere naam.")
    if len(around) >= _DEEPEST:
        raise _Unclear(f"{_shown(tag)} staat te diep in andere opdrachten.")
    field = _resolved(expression, around)
    item = replace(_LOOP, name=name, item="", fields=field.fields) if field.kind is Kind.LIST else None
    opened[place] = _Opened(tag, "for", name, item or Field(name, "", lambda one: one))
    if not field.is_list:
        raise _Unclear(f"{field.name} is geen lijst, dus er valt niet doorheen te lopen.")
    _check_hangs_on_the_loop_around(tag, expression, around)


def _check_hangs_on_the_loop_around(tag: Tag, expression: nodes.Expr, around: list[_Opened]) -> None:
    """A loop within a loop walks what the item of that loop has: else a template could ask for endless work."""
    loops = [one for one in around if one.variable]
    if not loops:
        return
    nearest = loops[-1].variable
    is_its_own = (
        isinstance(expression, nodes.Getattr)
        and isinstance(expression.node, nodes.Name)
        and expression.node.name == nearest
    )
    if not is_its_own:
        raise _Unclear(
            f"{_shown(tag)} staat in de lus van {nearest}. Een lus daarbinnen loopt door een lijst van {nearest} zelf."
        )


def _check_condition(expression: nodes.Node, opened: list[_Opened]) -> None:
    if isinstance(expression, nodes.And | nodes.Or):
        _check_condition(expression.left, opened)
        _check_condition(expression.right, opened)
    elif isinstance(expression, nodes.Not):
        _check_condition(expression.node, opened)
    elif isinstance(expression, nodes.Compare):
        _resolved(expression.expr, opened)
        for operand in expression.ops:
            if operand.op not in ("eq", "ne") or not _is_constant(operand.expr):
                raise _Unclear('Vergelijk een veld alleen met een tekst, zo: {% if doel.kleur == "groen" %}.')
    else:
        _resolved(expression, opened)


def _is_constant(expression: nodes.Node) -> bool:
    return isinstance(expression, nodes.Const) and isinstance(expression.value, str | bool | int)


def _go_on(tag: Tag, opened: list[_Opened]) -> None:
    if not opened or opened[-1].last not in _WITHIN[tag.word]:
        raise _Unclear(f"{_shown(tag)} hoort bij een {{% if %}}, en die staat er niet voor.")
    _check_same_place(tag, opened[-1].tag)
    if tag.word == "elif":
        _check_condition(_expression(tag), opened)
    elif tag.rest:
        raise _Unclear(f"Achter else staat niets. Schrijf {_order(tag, 'else')}.")
    opened[-1] = replace(opened[-1], last=tag.word)


def _close(tag: Tag, opened: list[_Opened]) -> None:
    if tag.rest:
        raise _Unclear(f"Achter {tag.word} staat niets. Schrijf {_order(tag, tag.word)}.")
    if not opened or opened[-1].tag.word != _CLOSES[tag.word]:
        raise _Unclear(f"{_shown(tag)} sluit niets af: er staat geen open {_CLOSES[tag.word]} voor.")
    _check_same_place(tag, opened.pop().tag)


def _check_same_place(tag: Tag, opening: Tag) -> None:
    if tag.whole != opening.whole:
        raise _Unclear(f"{_shown(tag)} hoort bij {_shown(opening)}. Schrijf ze gelijk: {_order(opening, tag.word)}.")
    if tag.place is None or tag.place is not opening.place:
        if tag.whole:
            where_else = "Zet ze allebei in de lopende tekst, of allebei in dezelfde cel of tabel"
        else:
            where_else = "Gaat het om hele alinea's, schrijf dan {%p … %} op een eigen regel"
        raise _Unclear(f"{_shown(tag)} en {_shown(opening)} staan niet bij elkaar. {where_else}.")


def _expression(tag: Tag) -> nodes.Expr:
    try:
        return expression_of(tag.rest)
    except NotUnderstood:
        raise _Unclear(f"{_shown(tag)} is niet te begrijpen. Noem één veld, en kijk naar de spelling.") from None


def _resolved(expression: nodes.Node, opened: list[_Opened]) -> Field:
    """The field that an expression names. Raises _Unclear for everything else."""
    if isinstance(expression, nodes.Filter):
        if expression.name not in FILTERS or expression.args or expression.kwargs or expression.node is None:
            raise _Unclear(f"Het filter {expression.name} kan hier niet. Er zijn: {', '.join(FILTERS)}.")
        field = _resolved(expression.node, opened)
        if field.is_list != (expression.name == "length") or field.kind in (Kind.PICTURE, Kind.ITEM):
            raise _Unclear(f"Het filter {expression.name} past niet bij {field.name}.")
        return replace(field, kind=Kind.TEXT)
    if isinstance(expression, nodes.Name):
        return _named(expression.name, _in_reach(opened))
    if isinstance(expression, nodes.Getattr):
        return _named(expression.attr, _of(_resolved(expression.node, opened)))
    raise _Unclear("Hier kan alleen de naam van een veld staan, zonder haakjes of rekenwerk.")


def _in_reach(opened: list[_Opened]) -> dict[str, Field]:
    found = {field.name: field for field in FIELDS}
    loops = [one for one in opened if one.variable and one.item]
    found |= {one.variable: one.item for one in loops if one.item}
    return found | ({"loop": _LOOP} if loops else {})


def _of(field: Field) -> dict[str, Field]:
    if field.kind is Kind.LIST:
        raise _Unclear(f"{field.name} is een lijst. Loop erdoor: {{%p for {field.item} in {field.name} %}}.")
    if field.kind is not Kind.ITEM:
        raise _Unclear(f"{field.name} heeft zelf geen velden.")
    return {one.name: one for one in field.fields}


def _named(name: str, known: dict[str, Field]) -> Field:
    if name in known:
        return known[name]
    # Here, and else in a list that was not walked.
    elsewhere = {path.rpartition(".")[2]: path for path, _ in reversed(list(every_field(FIELDS)))}
    for names in ({one: one for one in known}, elsewhere):
        if near := get_close_matches(name[:60], names, n=1, cutoff=0.7):
            raise _Unclear(f"Het veld {name[:60]} is hier niet bekend. Bedoelt u {names[near[0]]}?")
    raise _Unclear(f"Het veld {name[:60]} is hier niet bekend.")


def _shown(tag: Tag) -> str:
    return tag.text if len(tag.text) <= 80 else f"{tag.text[:79]}…"


def _order(like: Tag, words: str) -> str:
    return f"{{%{like.whole} {words} %}}"
