"""A form on a page as a browser without script fills and sends it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Paper(HTMLParser):
    """The fields of the form with that id, as they stand on the page."""

    def __init__(self, page: str, *, form: str = "new") -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self._select = self._area = ""
        self._first: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = given.get("id") == self.form
        if not self.inside or not given.get("name", self._select):
            return
        name = given.get("name", "")
        if tag == "input" and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                self.fields[name] = given.get("value", "on")
        elif tag == "input":
            self.fields[name] = given.get("value", "")
        elif tag == "select":
            self._select, self._first = name, None
        elif tag == "option" and self._select:
            if "selected" in given or self._first is None:
                self.fields[self._select] = self._first = given.get("value", "")
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "button":
            self.buttons.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area and self.inside:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""


class Form:
    """The form for a new machine in one person's browser."""

    def __init__(self, browser: Client, address: str = "/vms/new/") -> None:
        self.browser = browser
        self.answer: Any = browser.get(address)
        assert self.answer.status_code == 200, self.answer.status_code
        self.read()

    @property
    def page(self) -> str:
        return str(self.answer.content.decode())

    def read(self) -> None:
        paper = Paper(self.page)
        self.fields, self.buttons = paper.fields, paper.buttons

    def fill(self, **typed: Any) -> Form:
        self.fields.update({name.replace("__", "-"): str(value) for name, value in typed.items()})
        return self

    def without(self, *ticked: str) -> Form:
        for name in ticked:
            self.fields.pop(name)
        return self

    def press(self, name: str, value: str = "1") -> Any:
        """Sends the form with that button, and reads the page that comes."""
        assert (name, value) in self.buttons, (name, value, self.buttons)
        self.answer = self.browser.post("/vms/new/", {**self.fields, name: value})
        if self.answer.status_code != 302:
            self.read()
        return self.answer

    def create(self) -> Any:
        return self.press("create")

    def look(self) -> str:
        """What is said while one types."""
        return str(self.browser.post("/vms/new/look/", self.fields).content.decode())
