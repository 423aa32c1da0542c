"""The cast of the register, for visits that come in as lists."""

from qiaomen.register.tests.conftest import community, head, worker  # noqa: F401  fixtures
