"""The cast of these stories."""

from qiaomen.office.tests.cast import community, head, worker  # noqa: F401  fixtures
