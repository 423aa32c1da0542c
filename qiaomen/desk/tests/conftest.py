"""The cast of the register, for tests of the search box."""

from qiaomen.register.tests.conftest import community, head, worker  # noqa: F401  fixtures
