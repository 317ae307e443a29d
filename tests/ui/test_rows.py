from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from ganeti_webmgr.ui.rows import Rows, draft, edited
from ganeti_webmgr.ui.sizes import RoundedSizeField, SizeField, in_gib, written


class Row(forms.Form):
    name = forms.CharField(required=False, initial="new")
    on = forms.BooleanField(required=False)


def data(text: str) -> QueryDict:
    return QueryDict(text)


def names(found: QueryDict | None) -> list[str]:
    assert found is not None
    return [str(form["name"].value()) for form in Rows(Row, "r", data=found, checked=False)]


def test_nothing_is_edited_where_no_button_was_pressed() -> None:
    assert edited(data("r-rows=1&r-0-name=a")) is None


def test_a_row_is_added_at_the_end_as_rows_begin() -> None:
    assert names(edited(data("r-rows=1&r-0-name=a&add=r"))) == ["a", "new"]


def test_a_row_is_taken_out_and_those_after_it_move_up() -> None:
    three = "r-rows=3&r-0-name=a&r-1-name=b&r-1-on=on&r-2-name=c"
    found = edited(data(f"{three}&remove=r-1"))
    assert names(found) == ["a", "c"]
    assert found is not None
    assert "r-1-on" not in found


@pytest.mark.parametrize("button", ["remove=r-9", "remove=r-x", "remove=r--1", "remove=", "remove=x-0"])
def test_what_is_no_row_is_not_taken_out(button: str) -> None:
    found = edited(data(f"r-rows=2&r-0-name=a&r-1-name=b&{button}"))
    assert found is None or names(found) == ["a", "b"]


def test_no_more_rows_are_made_than_there_may_be() -> None:
    assert len(Rows(Row, "r", data=data("r-rows=99999"), most=3)) == 3
    assert len(Rows(Row, "r", data=data("r-rows=many"), most=3)) == 0


def test_a_draft_keeps_what_was_typed_and_says_nothing() -> None:
    form = draft(Row, data("name=typed"))
    assert (form["name"].value(), form["on"].value(), form.errors) == ("typed", False, {})


@pytest.mark.parametrize(
    ("typed", "mib"),
    [("4", 4096), ("1.5", 1536), ("0,5", 512), ("512 MiB", 512), ("512m", 512), ("2T", 2097152), ("", None)],
)
def test_sizes_are_read_as_people_write_them(typed: str, mib: int | None) -> None:
    assert SizeField(required=False).clean(typed) == mib


@pytest.mark.parametrize("typed", ["much", "-1", "1e9", "4 KiB", "0", "999999999 TiB", "1..5"])
def test_what_is_no_size_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        SizeField().clean(typed)


@pytest.mark.parametrize(("mib", "shown"), [(4096, "4"), (512, "0.5"), (100, "0.0977"), (10240, "10")])
def test_sizes_are_shown_in_gib(mib: int, shown: str) -> None:
    assert in_gib(mib) == shown


def test_every_size_that_is_shown_in_gib_is_read_back_as_it_was() -> None:
    sizes = [*range(1, 5000), 10**6 + 1, 2**30 - 1]
    assert [SizeField().clean(in_gib(size)) for size in sizes] == sizes


@pytest.mark.parametrize(("typed", "mib"), [("20 GiB", 20480), ("1.5", 1536), ("510 MiB", 512), ("1m", 4)])
def test_what_ganeti_rounds_up_is_rounded_before_it_is_shown(typed: str, mib: int) -> None:
    assert RoundedSizeField().clean(typed) == mib


@pytest.mark.parametrize(
    ("mib", "shown"),
    [(20480, "20 GiB"), (1500, "1500 MiB"), (1280, "1.25 GiB"), (512, "512 MiB"), (2**21, "2 TiB")],
)
def test_a_size_is_written_so_that_reading_it_gives_the_same(mib: int, shown: str) -> None:
    assert (written(mib), RoundedSizeField().clean(shown)) == (shown, mib)


def test_a_size_has_changed_only_where_another_was_typed() -> None:
    field = RoundedSizeField(required=False)
    assert [field.has_changed(1024, typed) for typed in ("1 GiB", "1024m", "1", "2", "", "much")] == [
        False, False, False, True, True, True,
    ]  # fmt: skip
