"""The mail server and the webhook that alerts go to."""

from tests.alerts.conftest import hook, mail, routes  # noqa: F401  # fixtures
