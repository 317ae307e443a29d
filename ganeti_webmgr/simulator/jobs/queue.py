"""The job queue: takes jobs in, starts them when it is their turn, and moves them to their end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import OperationFailed, failed
from ..opcodes import Opcode
from .dependencies import unmet
from .job import FINAL, Job, Op
from .locks import Locks
from .operation import OPERATIONS, Operation, Steps
from .rate_limits import held_back

if TYPE_CHECKING:
    from ..cluster import SimulatedCluster

log = logging.getLogger(__name__)

STARTING_S, LOCKING_S = 0.3, 0.2
KEPT = 5000


class QueueDrained(Exception):
    """No jobs are taken at present."""


class Queue:
    """All jobs of one cluster. Every method must be called with the cluster's lock held."""

    def __init__(self, cluster: SimulatedCluster) -> None:
        self.cluster = cluster
        self.jobs: dict[int, Job] = {}
        self.last_id = 0
        self.locks = Locks()
        self._at_work: dict[int, Operation] = {}
        self._steps: dict[int, Steps] = {}

    def submit(self, opcodes: list[Opcode]) -> int:
        """The id of the new job; work on it begins later, in the timer's thread."""
        if self.cluster.config.drained:
            raise QueueDrained
        now = self.cluster.now()
        self.last_id += 1
        ops = [Op(input=item.stored(), summary=item.summary()) for item in opcodes]
        for index, op in enumerate(ops):
            source = "gnt:opcode:" + op.op_id[3:].lower()
            op.input["reason"].append([source, f"job={self.last_id};index={index}", int(now * 1e6) * 1000])
        job = Job(id=self.last_id, ops=ops, received=now)
        self.jobs[job.id] = job
        self._forget_old()
        self.later(STARTING_S, self.admit)
        return job.id

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        def locked() -> None:
            with self.cluster.change():
                call()

        self.cluster.timer.after(seconds / self.cluster.speed, locked)

    def admit(self) -> None:
        """Starts those queued jobs whose turn it is."""
        started = self.started()
        for job in sorted(self.queued(), key=lambda job: (job.priority, job.id)):
            verdict = self.cluster.filter_rules.judge(job)
            if verdict == "reject":
                job.finish_rest(status="canceled", result=None, now=self.cluster.now())
                self.later(0, self.admit)  # for those that waited for its end, and were looked at before
            elif verdict == "start" and self._has_place(job, started):
                self._start(job)
                started = self.started()

    def queued(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.start is None and job.end is None]

    def started(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.start is not None and job.end is None]

    def _has_place(self, job: Job, started: list[Job]) -> bool:
        most = int(self.cluster.config.params["max_running_jobs"])
        return len(started) < most and not held_back(job, started)

    def _start(self, job: Job) -> None:
        try:
            if unmet(job, self.jobs):
                return
        except OperationFailed as failure:
            job.start = self.cluster.now()
            self._end_op(job, job.ops[0], status="error", result=failure.result)
            return
        job.start = self.cluster.now()
        self._wait(job, job.ops[0])

    def _wait(self, job: Job, op: Op) -> None:
        if job.cancel_requested:
            job.finish_rest(status="canceled", result="Job canceled by request", now=self.cluster.now())
            return
        op.status, op.start = "waiting", self.cluster.now()
        self.later(LOCKING_S, lambda: self._prepare(job, op))

    def _prepare(self, job: Job, op: Op) -> None:
        if op.status != "waiting":
            return
        with self._failing(job, op):
            self._at_work[job.id] = OPERATIONS[op.op_id](self.cluster, job, op)
            self._acquire(job, op)

    def _acquire(self, job: Job, op: Op) -> None:
        work = self._at_work[job.id]
        if not self.locks.acquire(job.id, work.locks()):
            return
        op.status, op.execute = "running", self.cluster.now()
        work.check()
        if op.input.get("dry_run"):
            work.info("dry-run mode requested, not actually executing the operation")
            self._end_op(job, op, status="success", result=work.dry_run_result)
            return
        self._steps[job.id] = work.execute()
        self._advance(job, op)

    def _advance(self, job: Job, op: Op) -> None:
        if op.status != "running":
            return
        with self._failing(job, op):
            try:
                pause = next(self._steps[job.id])
            except StopIteration as done:
                self._end_op(job, op, status="success", result=done.value)
            else:
                self.later(pause, lambda: self._advance(job, op))

    @contextmanager
    def _failing(self, job: Job, op: Op) -> Iterator[None]:
        """Whatever goes wrong ends the opcode; what nobody expected is an OpExecError, as in Ganeti."""
        try:
            yield
        except OperationFailed as failure:
            self._end_op(job, op, status="error", result=failure.result)
        except Exception as error:
            log.exception("job %s of %s failed", job.id, self.cluster.name)
            self._end_op(job, op, status="error", result=failed(str(error)).result)

    def _end_op(self, job: Job, op: Op, *, status: str, result: Any) -> None:
        now = self.cluster.now()
        op.status, op.result, op.end = status, result, now
        self._at_work.pop(job.id, None)
        self._steps.pop(job.id, None)
        self.locks.release(job.id)
        follower = job.current
        if status == "error":
            job.finish_rest(status="error", result=["OpExecError", ["Preceding opcode failed"]], now=now)
        elif follower is None:
            job.end = now
        elif job.cancel_requested:
            job.finish_rest(status="canceled", result="Job canceled by request", now=now)
        else:
            self.later(LOCKING_S, lambda: self._wait(job, follower))
        self._let_others_in()

    def _let_others_in(self) -> None:
        for job_id in [key for key in self._at_work if key not in self._steps]:
            job = self.jobs[job_id]
            if job.current is not None and job.current.status == "waiting":
                with self._failing(job, job.current):
                    self._acquire(job, job.current)
        self.later(0, self.admit)

    def cancel(self, job_id: int) -> tuple[bool, str]:
        """What Ganeti answers to a DELETE of the job, and the deed."""
        job = self.jobs.get(job_id)
        if job is None or job.is_final:
            return False, f"Job {job_id} not found in queue"
        now = self.cluster.now()
        if job.start is None:
            job.finish_rest(status="canceled", result=None, now=now)
            self.later(0, self.admit)
            return True, f"Dequeued job {job_id}"
        if job.status == "waiting" and not any(op.status in FINAL for op in job.ops):
            job.finish_rest(status="canceled", result="Job canceled by request", now=now)
            self._at_work.pop(job_id, None)
            self.locks.release(job_id)
            self._let_others_in()
            return True, "Job successfully cancelled"
        job.cancel_requested = True
        return False, "Job no longer waiting, can't cancel (informed it anyway)"

    def wait(self, job_id: int, *, until: Callable[[Job], bool], timeout_s: float) -> Job | None:
        """The job once that is true of it or the time is over, None if unknown; lets go of the lock."""
        deadline = time.monotonic() + timeout_s
        job = self.jobs.get(job_id)
        while job is not None and not until(job) and not self.cluster.closed:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not self.cluster.news.wait(remaining):
                break
        return job

    def listed(self) -> list[Job]:
        """Jobs that are not archived, oldest first."""
        now = self.cluster.now()
        return [job for job in self.jobs.values() if not job.archived(now)]

    def among(self, ids: Collection[int]) -> list[Job]:
        return [self.jobs[job_id] for job_id in ids if job_id in self.jobs]

    def recover(self) -> None:
        """After a restart: what was running has died, what was queued goes on."""
        for job in self.started():
            job.finish_rest(status="error", result="Job process died", now=self.cluster.now())
        if self.queued():
            self.later(STARTING_S, self.admit)

    def _forget_old(self) -> None:
        while len(self.jobs) > KEPT:
            oldest = next((job for job in self.jobs.values() if job.is_final), None)
            if oldest is None:
                return
            del self.jobs[oldest.id]
