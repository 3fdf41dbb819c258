"""Jobs that fail, and jobs whose worker died. 作业"""

import random

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from qianjun.journal.bus import REACT
from qianjun.journal.heard import run_reaction
from qianjun.journal.rules import ATTEMPTS, back_off_s


class BackOff(BaseRetryStrategy):
    """At most 8 attempts, each later than the one before, not all jobs at once. 退避"""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """When to try again; None after the last attempt."""
        if job.attempts + 1 >= ATTEMPTS:
            return None
        wait_s = back_off_s(job.attempts, random.random())  # noqa: S311
        return RetryDecision(retry_in={"seconds": round(wait_s)})


@app.task(name=REACT, queue="urgent", retry=BackOff(), pass_context=True)
def react(context: JobContext, entry_id: int, reaction: str) -> None:
    """Run one reaction to one entry, once: Done and its writes commit together."""
    run_reaction(entry_id=entry_id, reaction=reaction)
