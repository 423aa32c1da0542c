"""The cast of these tests."""

from qiaomen.office.tests.cast import community, head, worker  # noqa: F401  fixtures
