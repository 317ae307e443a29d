"""Plain tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def show(rows: Iterable[Sequence[object]], *, head: Sequence[str] = ()) -> None:
    """Prints the rows, their first column to the left and the others to the right."""
    cells = [[str(cell) for cell in row] for row in ([head] if head else []) + [*rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print()
    for name, *values in cells:
        numbers = (value.rjust(width) for value, width in zip(values, widths[1:], strict=True))
        print("  ".join([f"  {name.ljust(widths[0])}", *numbers]).rstrip(), flush=True)
