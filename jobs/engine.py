"""The delivery engine: DBOS decides which live process works for which workspace, also after a crash.

One queue, partitioned by workspace, one lane at a time in each. The workflow's timeout is its lease: any live process
cancels a lane whose process died, which frees the workspace; as the rows are the truth, nothing is lost by it.
"""

import logging
import os
import socket
import threading
import time

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, SetWorkflowTimeout

from bot.database import IDLE_TRANSACTION
from bot.deps import Deps
from bot.services import deliveries
from bot.slack import PATIENCE
from jobs.lanes import Lane

log = logging.getLogger(__name__)

_QUEUE = "slack"
_GRACE = 2 * PATIENCE  # seconds for calls to Slack that were under way when a lane's time was up
_LOOK_EVERY = 0.2  # seconds
_VERSION = "1"  # constant: by default a release would strand the lanes of the one before


class Engine:
    """Starts and stops DBOS in this process, and wakes lanes. There is one in a process."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._stopping = threading.Event()

    def start(self) -> None:
        """Take part in the work; lanes that died with this machine are taken up again."""
        DBOS(config=self._config())

        @DBOS.workflow(name="lane")
        def lane(workspace_id: int) -> None:
            DBOS.run_step({"name": "work"}, self._work, workspace_id)

        self._lane = lane
        DBOS.launch()
        DBOS.register_queue(_QUEUE, partition_concurrency=1, polling_interval_sec=_LOOK_EVERY)
        self._bury_the_dead()

    def _config(self) -> DBOSConfig:
        alone = self._deps.settings.is_sqlite
        return DBOSConfig(
            name="vliegwiel",
            system_database_url=self._deps.settings.database_url,
            application_version=_VERSION,
            executor_id="local" if alone else f"{socket.gethostname()}:{os.getpid()}",
            log_level="WARNING",
            sys_db_pool_size=5,
            sys_db_idle_transaction_timeout_sec=IDLE_TRANSACTION,
        )

    def _bury_the_dead(self) -> None:
        """Free at once what a process of this machine held that is no more; for other machines there is the lease.

        Its lanes are deleted, so that the next tick can wake them under the same name.
        """
        here = f"{socket.gethostname()}:"
        for workflow in DBOS.list_workflows(status="PENDING"):
            executor = workflow.executor_id or ""
            if executor.startswith(here) and not _is_alive(int(executor.removeprefix(here))):
                DBOS.cancel_workflow(workflow.workflow_id)
                DBOS.delete_workflows([workflow.workflow_id])

    def _work(self, workspace_id: int) -> int:
        """Run a lane. A failure ends it; its rows stay and the next lane goes on with them."""
        try:
            return Lane(self._deps, workspace_id, self._stopping).run()
        except Exception as error:
            log.exception(
                "a lane broke off", extra={"data": {"workspace": workspace_id, "error": type(error).__name__}}
            )
            return 0

    def wake(self) -> None:
        """See that every workspace with something due has a lane.

        The id names the newest row waiting and the time, so that many processes ticking make one lane, and new work
        makes a new one at once.
        """
        with self._deps.db.begin() as db:
            waiting = deliveries.waiting(db, self._deps.clock())
        settings = self._deps.settings
        window, lease = int(time.time() // settings.lane_seconds), settings.lane_seconds + _GRACE
        for work in waiting:
            name = f"lane:{work.workspace_id}:{work.newest}:{window}"
            partition = SetEnqueueOptions(queue_partition_key=str(work.workspace_id))
            with SetWorkflowID(name), SetWorkflowTimeout(lease), partition:
                DBOS.enqueue_workflow(_QUEUE, self._lane, work.workspace_id)

    def prune(self, keep: int = 200) -> None:
        """Forget lanes that ended, but for the last ones."""
        ended = DBOS.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], sort_desc=True, offset=keep, limit=2000)
        if ended:
            DBOS.delete_workflows([workflow.workflow_id for workflow in ended])

    def stop(self) -> None:
        """Leave the work to others; a lane of ours gets a moment to end."""
        self._stopping.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=3)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
