"""The cast of the register, two staircases and a team."""

from qiaomen.office.tests.cast import community, head, worker  # noqa: F401  fixtures
from qiaomen.visits.tests.conftest import doors, mate, team  # noqa: F401  fixtures
