"""How the record is narrowed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone

from ganeti_webmgr.accounts.models import User
from ganeti_webmgr.audit.models import Event, EventQuerySet
from ganeti_webmgr.audit.vocabulary import ACTIONS, KINDS
from ganeti_webmgr.clusters.filters import cluster_choice
from ganeti_webmgr.permissions import policy
from ganeti_webmgr.ui.listing import First

Events = EventQuerySet
ACTION_CHOICES = sorted(((name, words.label) for name, words in ACTIONS.items()), key=lambda pair: pair[1])
NO_DATE = "This is not a date. Write it as 2026-11-22."
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)


class PeriodForm(forms.Form):
    """The filters, of which two make a period."""

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day lies before the first.")
        return self.cleaned_data


def day(label: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        method="by_day",
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[MinValueValidator(EARLIEST, NO_DATE), MaxValueValidator(LATEST, NO_DATE)],
        error_messages={"invalid": NO_DATE},
    )


class EventFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may stand in the address of the record; all of it narrows."""

    q = django_filters.CharFilter(method="by_text", label="Name, person, address or request")
    about = django_filters.ChoiceFilter(
        method="by_object",
        label="About",
        empty_label="Anything",
        error_messages={"invalid_choice": "Nothing that you may see here is about “%(value)s”."},
    )
    person = django_filters.CharFilter(method="by_person", label="Person")
    action = django_filters.ChoiceFilter(
        choices=ACTION_CHOICES,
        label="Action",
        empty_label="Any action",
        error_messages={"invalid_choice": "There is no action “%(value)s”."},
    )
    kind = django_filters.ChoiceFilter(
        field_name="target_kind",
        choices=list(KINDS.items()),
        label="On what",
        empty_label="Anything",
        error_messages={"invalid_choice": "There is no kind of object “%(value)s”."},
    )
    cluster = cluster_choice(method="by_cluster")
    since = day("Since")
    until = day("Until")

    class Meta:
        model = Event
        form = PeriodForm
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if asked := self.data.get("about"):
            self.filters["about"].extra["choices"] = self._objects(asked)
        else:
            del self.filters["about"]  # it comes with a link, and is not chosen from a list
        self.form.fields["person"].validators.append(self.must_know_person)

    @property
    def first(self) -> First[Event]:
        """What gives the first of the events that are meant and that the person may see."""
        narrowed: QuerySet[Event] = self.qs
        if not any(self.form.cleaned_data.values()):
            return policy.first_permitted(self.request.user, "view", Event)
        return lambda most, order=(): narrowed.order_by(*order)[:most]

    def must_know_person(self, name: str) -> None:
        if "\0" in name:
            return  # the field says so itself, and PostgreSQL cannot be asked
        if not self.by_person(self.queryset, "person", name).exists():
            raise ValidationError(f"There is nothing of “{name[:80]}” that you may see here.")

    def _objects(self, asked: str) -> list[tuple[str, str]]:
        """The object that the address names, under the name it had last; nothing where that is nonsense."""
        last = self.by_object(self.queryset, "about", asked).order_by("-at", "-pk").first()
        if last is None:
            return []
        kind, _, number = asked.partition(":")
        if kind == "user":
            names = User.objects.filter(pk=int(number)).values_list("username", flat=True)
            return [(asked, names.first() or last.actor_name)]
        return [
            (asked, {"cluster": last.cluster_name, "project": last.project_name}.get(kind, last.target_name))
        ]

    def by_object(self, rows: Events, name: str, value: str) -> Events:
        kind, _, number = value.partition(":")
        if kind not in KINDS or not number.isdecimal() or len(number) > 18:
            return rows.none()
        return rows.about(kind, int(number))

    def by_text(self, rows: Events, name: str, value: str) -> Events:
        for word in value.split():
            rows = rows.filter(
                Q(target_name__icontains=word)
                | Q(actor_name__icontains=word)
                | Q(cluster_name__icontains=word)
                | Q(project_name__icontains=word)
                | Q(address__startswith=word)
                | Q(request_id=word)
            )
        return rows

    def by_person(self, rows: Events, name: str, value: str) -> Events:
        people = User.objects.filter(username__iexact=value).values("pk")
        return rows.filter(Q(actor_name__iexact=value) | Q(person_id__in=people))

    def by_cluster(self, rows: Events, name: str, value: Any) -> Events:
        return rows.filter(cluster_id=value.pk)

    def by_day(self, rows: Events, name: str, value: date) -> Events:
        if name == "since":
            return rows.filter(at__gte=midnight(value))
        return rows.filter(at__lt=midnight(value + timedelta(days=1)))


def midnight(of: date) -> datetime:
    """When the day begins where the site is."""
    return datetime.combine(of, time.min, tzinfo=timezone.get_current_timezone())
