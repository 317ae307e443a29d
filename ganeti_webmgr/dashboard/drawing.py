"""The map of a cluster as a picture: where each box, line and word of it stands. Nothing but geometry.

Nodes stand on the left with their machines beside them, and once more on the right, as those that hold the
copies of disks: a machine's line to the left leads to its primary node, that to the right to its secondary
one. The more machines there are, the less is said of each: its name, a square, or only how many they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from ganeti_webmgr.dashboard.mapping import Area, Machine, Place, Plan
from ganeti_webmgr.ui.wording import host

WITH_NAMES, WITH_SQUARES = 60, 1000  # machines, at most
WIDTH = 960
LEFT, MIDDLE, RIGHT = 16, 304, 744  # where the columns begin
BOX, BLOCK = 200, 340  # how wide nodes and their machines are
MARGIN, HEAD, GAP = 12, 26, 12
BOX_HEIGHT, LINE_HEIGHT, SQUARE = 40, 20, 13
IN_A_ROW = BLOCK // SQUARE
LETTERS = {"group": 110, "node": 24, "machine": 44}  # that fit

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True)
class Word:
    """A text, at its base line."""

    x: float
    y: float
    text: str
    look: str


@dataclass(frozen=True)
class Line:
    """A way from the right of one thing to the left of another."""

    path: str
    width: float
    look: str


@dataclass(frozen=True)
class Spot:
    """A place of the picture that leads somewhere."""

    x: float
    y: float
    width: float
    height: float
    url: str
    title: str


@dataclass
class Drawing:
    """The whole picture; lines lie below all else."""

    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    width = WIDTH


def draw(plan: Plan) -> Drawing:
    """The picture of the plan."""
    return _Pen(plan).drawing


class _Pen:
    def __init__(self, plan: Plan) -> None:
        self.drawing = Drawing()
        self._machines = plan.machines
        self._has_copies = plan.mirrored > 0
        self._most = max((len(place.machines) for place in plan.places), default=0) or 1
        self._most_copied = max((max(place.mirrored.values(), default=0) for place in plan.places), default=0)
        self._right: dict[str, float] = {}  # of each node on the right, the height of its middle
        self._to_copies: list[tuple[float, str, float]] = []  # from which height, to which node, how wide
        y: float = MARGIN
        for area in plan.areas:
            y = self._area(area, y) + GAP
        self.drawing.height = y - GAP + MARGIN
        for height, name, width in self._to_copies:
            look = "second" if self._machines <= WITH_NAMES else "second many"
            self._line((MIDDLE + BLOCK, height), (RIGHT, self._right[name]), width, look)

    def _area(self, area: Area, top: float) -> float:
        """The group at that height, and where it ends."""
        y = top + HEAD
        if not area.places:
            self._word(LEFT + 4, y + 14, "No node", "sub")
            y += BOX_HEIGHT
        for place in area.places:
            y = self._place(place, y) + GAP
        self.drawing.boxes.insert(0, Box(4, top, WIDTH - 8, y - top, "group"))
        self._word(LEFT, top + 17, _short(area.name, "group"), "group")
        if area.url:
            self.drawing.spots.append(Spot(LEFT - 6, top + 3, BOX, HEAD - 6, area.url, area.name))
        return y

    def _place(self, place: Place, top: float) -> float:
        height = max(BOX_HEIGHT, self._block_height(len(place.machines)))
        middle = top + height / 2
        tone = place.state.tone if place.state else "warn"
        told = f"{len(place.machines):,} primary"
        self._node(LEFT, middle, place, f"{place.role}, {told}" if place.role else told, tone)
        if self._has_copies and place.url:
            self._node(RIGHT, middle, place, f"{place.seconds:,} secondary", tone)
            self._right[place.name] = middle
        self._block(place, top + (height - self._block_height(len(place.machines))) / 2, middle)
        return top + height

    def _node(self, x: float, middle: float, place: Place, told: str, tone: str) -> None:
        y = middle - BOX_HEIGHT / 2
        self.drawing.boxes.append(Box(x, y, BOX, BOX_HEIGHT, f"node {tone}"))
        self._word(x + 12, y + 17, _short(host(place.name) if place.url else place.name, "node"), "name")
        self._word(x + 12, y + 32, told, "sub")
        if place.url:
            title = f"{place.name}: {place.state.label if place.state else ''}, {told}"
            self.drawing.spots.append(Spot(x, y, BOX, BOX_HEIGHT, place.url, title))

    def _block_height(self, machines: int) -> float:
        if self._machines <= WITH_NAMES:
            return machines * LINE_HEIGHT
        return ceil(machines / IN_A_ROW) * SQUARE if self._machines <= WITH_SQUARES else LINE_HEIGHT

    def _block(self, place: Place, top: float, middle: float) -> None:
        if not place.machines:
            return
        if self._machines <= WITH_NAMES:
            self._names(place.machines, top, middle)
            return
        self._line((LEFT + BOX, middle), (MIDDLE, middle), _width(len(place.machines), self._most), "first")
        if self._machines <= WITH_SQUARES:
            self._squares(place.machines, top)
        else:
            self._bar(place, top)
        for name, count in place.mirrored.items():
            self._to_copies.append((middle, name, _width(count, self._most_copied)))

    def _names(self, machines: Sequence[Machine], top: float, middle: float) -> None:
        for number, machine in enumerate(machines):
            y = top + number * LINE_HEIGHT
            centre = y + LINE_HEIGHT / 2
            self._line((LEFT + BOX, middle), (MIDDLE, centre), 1.5, "first")
            self.drawing.boxes.append(Box(MIDDLE, y + 1, BLOCK, LINE_HEIGHT - 2, "machine"))
            self.drawing.boxes.append(Box(MIDDLE + 6, centre - 4, 8, 8, f"dot {machine.state.tone}"))
            self._word(MIDDLE + 22, centre + 4, _short(host(machine.name), "machine"), "machine")
            if machine.second:
                self._to_copies.append((centre, machine.second, 1.5))
            self._spot(machine, MIDDLE, y + 1, BLOCK, LINE_HEIGHT - 2)

    def _squares(self, machines: Sequence[Machine], top: float) -> None:
        for number, machine in enumerate(machines):
            row, column = divmod(number, IN_A_ROW)
            x, y = MIDDLE + column * SQUARE, top + row * SQUARE
            self.drawing.boxes.append(Box(x + 1, y + 1, SQUARE - 2, SQUARE - 2, f"dot {machine.state.tone}"))
            self._spot(machine, x, y, SQUARE, SQUARE)

    def _bar(self, place: Place, top: float) -> None:
        width = round(BLOCK * len(place.machines) / self._most, 1)
        self.drawing.boxes.append(Box(MIDDLE, top + 2, width, LINE_HEIGHT - 4, "dot busy"))
        if place.list_url:
            title = f"{len(place.machines):,} machines on {place.name}"
            self.drawing.spots.append(Spot(MIDDLE, top, BLOCK, LINE_HEIGHT, place.list_url, title))

    def _spot(self, machine: Machine, x: float, y: float, width: float, height: float) -> None:
        title = f"{machine.name}: {machine.state.label}"
        title += f", mirrored on {machine.second}" if machine.second else ""
        self.drawing.spots.append(Spot(x, y, width, height, machine.url, title))

    def _word(self, x: float, y: float, text: str, look: str) -> None:
        self.drawing.words.append(Word(x, y, text, look))

    def _line(self, begin: Point, end: Point, width: float, look: str) -> None:
        (x1, y1), (x2, y2) = begin, end
        bend = (x1 + x2) / 2
        path = f"M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}"
        self.drawing.lines.append(Line(path, width, look))


def _width(count: int, most: int) -> float:
    return round(1.5 + 10 * count / most, 1)


def _short(text: str, kind: str) -> str:
    most = LETTERS[kind]
    return text if len(text) <= most else f"{text[: most - 1]}…"
