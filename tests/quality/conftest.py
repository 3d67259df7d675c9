"""Routes for alerts."""

from tests.alerts.conftest import routes  # noqa: F401  # a fixture
