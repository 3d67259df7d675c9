"""How fresh assets must be; Dagster's daemon says how they stand by it, and alerts tell (alerts.py).

Belongs here: the policies, from settings. Does not: the rhythm of each feed (alerts/watch.py).
"""

from datetime import timedelta

import dagster as dg
from dagster_shared.check import CheckError

from pipelines.settings import TIMEZONE, SettingsError, read_settings

_BEFORE = timedelta(hours=12)


def nightly_freshness() -> dg.FreshnessPolicy:
    """Published within the twelve hours before the deadline. Raises ``SettingsError`` where that is no daily cron."""
    cron = read_settings().nightly_deadline
    try:
        return dg.FreshnessPolicy.cron(deadline_cron=cron, lower_bound_delta=_BEFORE, timezone=TIMEZONE)
    except CheckError as error:
        raise SettingsError(
            f"KPI_NIGHTLY_DEADLINE = {cron!r} is no cron of once a day or less; write '0 6 * * *', say"
        ) from error


def feed_freshness() -> dg.FreshnessPolicy:
    """Asked at least once in the time after which a feed counts as stale."""
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=max(read_settings().stale_hours, 1)))
