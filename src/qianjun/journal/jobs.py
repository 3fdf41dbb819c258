"""Jobs that fail, and jobs whose worker died. 作业"""

import json
import random
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from qianjun.journal.bus import REACT, House, defer_reactions, emit, reactions
from qianjun.journal.events import JobGivenUp
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Card, Timer
from qianjun.journal.rules import ATTEMPTS, back_off_s, without_personal
from qianjun.journal.timers import TIMER
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused

STALLED_S = 4
KEPT = timedelta(days=90)
JOB = "job:"
CAUSE_CHARACTERS = 200
OURS = str(Path(__file__).parents[1])


class BackOff(BaseRetryStrategy):
    """At most 8 attempts, each later than the one before, not all jobs at once. 退避"""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """When to try again; None after the last attempt."""
        if job.attempts + 1 >= ATTEMPTS:
            return None
        wait_s = back_off_s(job.attempts, random.random())  # noqa: S311
        return RetryDecision(retry_in={"milliseconds": round(wait_s * 1000)})


@app.task(name=REACT, queue="urgent", retry=BackOff(), pass_context=True)
def react(context: JobContext, entry_id: int, reaction: str) -> None:
    """Run one reaction to one entry, once: Done and its writes commit together.

    The last failing attempt leaves a card, in a transaction of its own.
    """
    try:
        run_reaction(entry_id=entry_id, reaction=reaction)
    except Exception as error:  # the job ends here whatever went wrong, and a person must know
        if context.job.attempts + 1 >= ATTEMPTS:
            make_card(entry=entry_id, reaction=reaction, cause=cause_of(error), attempts=ATTEMPTS)
        raise


def cause_of(error: BaseException) -> str:
    """What went wrong in one line without personal data: type, scrubbed words, place."""
    words = error.code if isinstance(error, Refused) else str(error).split("\n", 1)[0]
    steps = [s for s in traceback.extract_tb(error.__traceback__) if s.filename.startswith(OURS)]
    place = f" ({Path(steps[-1].filename).name}:{steps[-1].lineno})" if steps else ""
    kind = type(error).__name__
    return f"{kind}: {without_personal(words)}"[: CAUSE_CHARACTERS - len(place)] + place


@transaction.atomic
def make_card(*, entry: int | None, reaction: str, cause: str, attempts: int) -> None:
    """Put a job that failed for good in front of a person; once while a card is open. 转人工"""
    if entry and Card.objects.filter(entry=entry, reaction=reaction, settled_at=None).exists():
        return
    card = Card.objects.create(
        entry_id=entry, reaction=reaction, cause=cause, attempts=attempts, made_at=clock.now()
    )
    said = JobGivenUp(card_id=card.pk, reaction=reaction, attempts=attempts)
    emit(said, by=House(ident="worker", cause=entry))


def run_again(card: Card) -> None:
    """Put the job, or the timer, of this card back to work."""
    if card.entry_id is not None:
        hearing = reactions.get(card.reaction)
        queue = hearing.queue if hearing else "urgent"
        defer_reactions(card.entry_id, card.reaction, queue=queue)
    elif card.reaction.startswith(TIMER):
        Timer.objects.filter(pk=card.reaction.removeprefix(TIMER)).update(done_at=None)
    elif card.reaction.startswith(JOB):
        _requeue(int(card.reaction.removeprefix(JOB).split(":")[0]))


_STALLED = """
SELECT j.id, j.attempts, j.task_name, j.args
FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
ORDER BY j.id LIMIT 1000 FOR UPDATE OF j SKIP LOCKED
"""


@transaction.atomic
def rescue_stalled() -> int:
    """Give the jobs of dead workers to living ones; return how many. 重拾

    A job that took its workers along as often as a job may fail becomes a card.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STALLED, [STALLED_S])
        stalled = cursor.fetchall()
    for job, attempts, task, arguments in stalled:
        if attempts + 1 < ATTEMPTS:
            _requeue(job)
        else:
            _bury(job, task, json.loads(arguments))
    return len(stalled)


def _requeue(job: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job])


def _bury(job: int, task: str, arguments: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
    heard = task == REACT
    make_card(
        entry=arguments["entry_id"] if heard else None,
        reaction=arguments["reaction"] if heard else f"{JOB}{job}:{task}"[:80],
        cause="WorkerDied",
        attempts=ATTEMPTS,
    )


def tidy() -> None:
    """Forget jobs that ended, and timers that rang, 90 days ago. 清理"""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS"
            " (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > %s)",
            [clock.real() - KEPT],
        )
    Timer.objects.filter(done_at__lt=clock.now() - KEPT).delete()
