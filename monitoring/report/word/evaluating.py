"""A template with its values: a part once its tags, which were checked, are carried out. Knows no Django.

Jinja only reads the expressions. Nothing is compiled or called: a name is looked up among the values, and that is all
that an expression can do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from jinja2 import nodes

from monitoring.report.word.meaning import expression_of, loop_of
from monitoring.report.word.tags import Tag

Piece = str | Tag
Values = Mapping[str, Any]
# What is carried out once: the pieces from one place to another, with these values.
Turn = tuple[int, int, Values]


def evaluate(pieces: Sequence[Piece], values: Values, as_xml: Callable[[Any], str]) -> Iterator[str]:
    """The text of a part, piece by piece. `as_xml` says how the value of a field comes into it."""
    return _Evaluation(pieces, as_xml).carried_out(0, len(pieces), values)


class _Evaluation:
    def __init__(self, pieces: Sequence[Piece], as_xml: Callable[[Any], str]) -> None:
        self._pieces, self._as_xml = pieces, as_xml
        # Of each order, by its place: the places of itself, of its "elif" and "else", and of its end.
        self._blocks: dict[int, list[int]] = {}
        opened: list[list[int]] = []
        for place, piece in enumerate(pieces):
            if isinstance(piece, str) or not piece.word:
                continue
            if piece.word in ("for", "if"):
                opened.append(self._blocks.setdefault(place, [place]))
            else:
                opened[-1].append(place)
                if piece.word in ("endfor", "endif"):
                    opened.pop()

    def carried_out(self, place: int, end: int, values: Values) -> Iterator[str]:
        while place < end:
            piece = self._pieces[place]
            if isinstance(piece, str):
                yield piece
            elif not piece.word:
                yield self._as_xml(_value(expression_of(piece.rest), values))
            else:
                turns = self._loop if piece.word == "for" else self._choice
                for first, last, inside in turns(piece, self._blocks[place], values):
                    yield from self.carried_out(first, last, inside)
                place = self._blocks[place][-1]
            place += 1

    def _loop(self, order: Tag, block: list[int], values: Values) -> Iterator[Turn]:
        name, expression = loop_of(order.rest)
        items = _value(expression, values)
        for index, item in enumerate(items, start=1):
            loop = {"first": index == 1, "last": index == len(items), "index": index, "length": len(items)}
            yield block[0] + 1, block[1], {**values, name: item, "loop": loop}
        if not items and len(block) > 2:
            yield block[1] + 1, block[2], values

    def _choice(self, _: Tag, block: list[int], values: Values) -> Iterator[Turn]:
        for first, last in pairwise(block):
            tag = self._pieces[first]
            if isinstance(tag, Tag) and (tag.word == "else" or _value(expression_of(tag.rest), values)):
                yield first + 1, last, values
                return


def _value(expression: nodes.Node, values: Mapping[str, Any]) -> Any:
    match expression:
        case nodes.Name():
            return values[expression.name]
        case nodes.Getattr():
            return _value(expression.node, values)[expression.attr]
        case nodes.Const():
            return expression.value
        case nodes.Filter() if expression.node is not None:
            told = _value(expression.node, values)
            return {"upper": str.upper, "lower": str.lower, "length": len}[expression.name](told)
        case nodes.Not():
            return not _value(expression.node, values)
        case nodes.And():
            return _value(expression.left, values) and _value(expression.right, values)
        case nodes.Or():
            return _value(expression.left, values) or _value(expression.right, values)
        case nodes.Compare():
            return _compared(expression, values)
    raise TypeError(f"an expression that was not checked: {type(expression).__name__}")


def _compared(expression: nodes.Compare, values: Mapping[str, Any]) -> bool:
    """Whether every comparison of the chain holds."""
    left = _value(expression.expr, values)
    return all((left == _value(one.expr, values)) == (one.op == "eq") for one in expression.ops)
