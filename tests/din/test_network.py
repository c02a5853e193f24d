"""The network: its paths, the order of its columns, and its layout."""

from __future__ import annotations

import itertools
import unicodedata

import pytest

from din import network_order
from din.network import AMBITION, EFFORT, ER_GOAL, GOAL, Column, Line, Network
from din.network_layout import COLUMN_GAP, FOLDED_WIDTH, NODE_WIDTH, ColumnToPlace, Layout, node_height, place, wrap
from din.network_order import crossings, good_order
from tests.din.generated_network import generated_network

pytestmark = pytest.mark.pure


def network(columns: dict[str, str], lines: str) -> Network:
    """A network of nodes with names of one letter: columns {"goal": "ab"}, lines "ax by" with the upper end first."""
    return Network.of(
        [Column(kind, tuple(keys)) for kind, keys in columns.items()], [Line(*pair) for pair in lines.split()]
    )


SMALL = network({AMBITION: "AB", ER_GOAL: "EF", GOAL: "ghi", EFFORT: "xyz"}, "AE BE BF Eg Eh Fh gx hx hy")


# --- paths ---------------------------------------------------------------------------------------------------------


def test_a_path_goes_up_and_down_and_never_sideways() -> None:
    path = SMALL.path("g")
    assert (path.up, path.down) == (("E", "A", "B"), ("x",))
    assert "h" not in path.keys, "h shares an effort and an ER-goal with g, but neither serves the other"
    assert SMALL.lines_of(path) == {Line(*pair) for pair in ("AE", "BE", "Eg", "gx")}


def test_a_path_names_the_nearest_column_first() -> None:
    assert SMALL.path("x").up == ("g", "h", "E", "F", "A", "B")
    assert SMALL.path("B").down == ("E", "F", "g", "h", "x", "y")


def test_a_node_without_lines_has_a_path_of_itself() -> None:
    path = SMALL.path("z")
    assert (path.keys, SMALL.lines_of(path)) == ({"z"}, set())


def test_a_line_to_a_node_that_is_not_there_is_left_out() -> None:
    assert network({GOAL: "g"}, "Eg gx").lines == ()


def test_a_column_without_nodes_is_left_out() -> None:
    assert [column.kind for column in network({AMBITION: "", GOAL: "g"}, "").columns] == [GOAL]


# --- order ---------------------------------------------------------------------------------------------------------


def counted_by_pairs(drawn: Network) -> int:
    """The crossings by comparing every two lines."""
    ends = [(drawn.place[line.upper], drawn.place[line.lower]) for line in drawn.lines]
    return sum(
        one[0][0] == other[0][0] and (one[0][1] - other[0][1]) * (one[1][1] - other[1][1]) < 0
        for one, other in itertools.combinations(ends, 2)
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_crossings_are_counted_right(seed: int) -> None:
    drawn = generated_network((3, 6, 12, 15), 50, seed)
    assert crossings(drawn) == counted_by_pairs(drawn) > 0


def test_what_an_end_counts_for_says_the_same_as_counting_pair_by_pair() -> None:
    network = generated_network((4, 8, 12, 15), 70)
    keys = [key for column in network.columns for key in column.keys]
    number = {key: index for index, key in enumerate(keys)}
    layers = [[number[key] for key in column.keys] for column in network.columns]
    above = [[number[other] for other in network.above[key]] for key in keys]
    below = [[number[other] for other in network.below[key]] for key in keys]
    place = network_order._places(layers)
    layer, over, under = layers[2], len(layers[1]), len(layers[3])
    ends = {node: [*(place[one] for one in above[node]), *(over + place[one] for one in below[node])] for node in layer}
    for node in layer:
        told = network_order._gains(layer, ends, node, over, under)
        assert told == [network_order._gain(other, node, above, below, place) for other in layer]


def test_what_can_be_drawn_without_crossings_is() -> None:
    tangled = network({ER_GOAL: "EFG", GOAL: "ghijkl"}, "El Ek Fg Fj Gh Gi")
    assert crossings(tangled) > 0
    assert crossings(tangled.reordered(good_order(tangled))) == 0


def test_the_order_keeps_every_node_in_its_column_and_is_always_the_same() -> None:
    drawn = generated_network((15, 30, 45, 60), 250)
    order = good_order(drawn)
    assert [sorted(keys) for keys in order] == [sorted(column.keys) for column in drawn.columns]
    assert good_order(drawn) == order
    assert crossings(drawn.reordered(order)) < 0.35 * crossings(drawn)


@pytest.mark.parametrize("columns", [{}, {GOAL: "g"}, {GOAL: "gh", EFFORT: "x"}])
def test_a_network_of_almost_nothing_has_an_order(columns: dict[str, str]) -> None:
    small = network(columns, "")
    assert good_order(small) == tuple(column.keys for column in small.columns)


# --- layout --------------------------------------------------------------------------------------------------------


def laid_out(drawn: Network, folded: set[str]) -> Layout:
    heights = itertools.cycle([35, 52, 70, 87])
    return place(
        [ColumnToPlace({key: next(heights) for key in column.keys}, column.kind in folded) for column in drawn.columns]
    )


FOLDS = [set(folds) for count in range(5) for folds in itertools.combinations((AMBITION, ER_GOAL, GOAL, EFFORT), count)]


@pytest.mark.parametrize("folded", FOLDS, ids=lambda folded: "+".join(sorted(folded)) or "open")
def test_no_boxes_overlap_and_all_stay_on_the_drawing(folded: set[str]) -> None:
    drawn = generated_network((7, 30, 45, 61), 250)
    layout = laid_out(drawn, folded)
    for index, column in enumerate(drawn.columns):
        boxes = [layout.nodes[key] for key in column.keys]
        assert all(above.y + above.height < below.y for above, below in itertools.pairwise(boxes))
        assert boxes[0].y >= 0
        assert boxes[-1].y + boxes[-1].height <= layout.height
        assert all(layout.columns[index].x <= box.x and box.right <= layout.width for box in boxes)
    for left, right in itertools.pairwise(layout.columns):
        assert left.x + left.width + COLUMN_GAP == right.x


@pytest.mark.parametrize("folded", FOLDS, ids=lambda folded: "+".join(sorted(folded)) or "open")
def test_every_line_joins_its_nodes_and_runs_on_through_a_folded_column(folded: set[str]) -> None:
    drawn = generated_network((4, 8, 12, 16), 60)
    layout = laid_out(drawn, folded)
    for line in drawn.lines:
        upper, lower = layout.nodes[line.upper], layout.nodes[line.lower]
        path = layout.curve(line.upper, line.lower)
        assert path.startswith(f"M{upper.right} {upper.middle}C")
        assert path.endswith(f" {lower.x} {lower.middle}")
        assert upper.right < lower.x
    for column in drawn.columns:
        for key in column.keys:
            width = layout.nodes[key].width
            # A knot has no width: what comes in on the left goes on from the same point on the right.
            assert width == (0 if column.kind in folded else NODE_WIDTH)


def test_a_folded_column_takes_little_room() -> None:
    drawn = generated_network((4, 8, 12, 16), 60)
    assert laid_out(drawn, set()).width - laid_out(drawn, {GOAL}).width == NODE_WIDTH - FOLDED_WIDTH
    assert laid_out(drawn, {EFFORT}).height < laid_out(drawn, set()).height


def test_a_network_without_nodes_has_no_size() -> None:
    assert (place([]).width, place([]).height) == (0, 0)
    empty = place([ColumnToPlace({}, False), ColumnToPlace({"x": 35}, False)])
    assert list(empty.nodes) == ["x"]


# --- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_text_is_cut_with_an_ellipsis(lines: int) -> None:
    wrapped = wrap("Jongeren krijgen sneller hulp bij hun schulden en toeslagen, ook in de wijk. " * 9, lines=lines)
    assert len(wrapped) == lines
    assert wrapped[-1].endswith("…")
    assert all(len(line) < 60 for line in wrapped)


def test_the_last_line_is_filled_so_that_texts_with_one_beginning_differ() -> None:
    one, other = (wrap(f"Meer jongeren hebben {word}steun in het onderwijs", lines=1) for word in ("", "onder"))
    assert one != other
    assert one[0].startswith("Meer jongeren hebben st")


def test_a_text_that_fits_stays_whole() -> None:
    assert wrap("Meer jongeren", lines=3) == ("Meer jongeren",)
    assert " ".join(wrap("Meer jongeren in de stad hebben een steunfiguur", lines=3)) == (
        "Meer jongeren in de stad hebben een steunfiguur"
    )
    assert wrap("", lines=2) == ()


def test_an_endless_word_is_cut() -> None:
    wrapped = wrap("a" * 10_000, lines=2)
    assert len(wrapped) == 2
    assert set(wrapped[0]) == {"a"}
    assert wrapped[1].endswith("…")
    assert len("".join(wrapped)) < 100


@pytest.mark.parametrize("character", ["W", "👍", "漢", "\u0301", "ij"])
def test_wide_and_odd_characters_have_a_width(character: str) -> None:
    wrapped = wrap(character * 500, lines=2)
    assert len(wrapped) == 2, unicodedata.name(character[0])


def test_the_height_has_room_for_every_line() -> None:
    assert node_height(2, has_status=True) > node_height(2, has_status=False) > node_height(1, has_status=False)
