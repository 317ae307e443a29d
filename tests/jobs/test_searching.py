"""What jobs are found by follows what they are about and who asked for them."""

from __future__ import annotations

import pytest

from ganeti_webmgr.clusters.models import Cluster
from ganeti_webmgr.jobs.filters import about
from ganeti_webmgr.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cluster: Cluster) -> Job:
    return Job.objects.create(cluster=cluster, target_name="Ärger.sim1", origin="Zoë", ganeti_id=987654)


def found(word: str) -> set[int]:
    return set(Job.objects.filter(about(word)).values_list("pk", flat=True))


@pytest.mark.parametrize("word", ["Ärger", "RGER", "ger.sim1", "Zoë", "zoë", "987654"])
def test_a_job_is_found_by_its_object_its_person_and_its_number(word: str, job: Job) -> None:
    assert job.pk in found(word)


@pytest.mark.parametrize("word", ["_rger", "%", "98765", "9" * 30])
def test_other_words_do_not_find_it(word: str, job: Job) -> None:
    assert job.pk not in found(word)


def test_a_new_name_of_the_object_is_found_at_once(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(target_name="peace.sim1")
    assert job.pk in found("peace")
    assert job.pk not in found("rger")
