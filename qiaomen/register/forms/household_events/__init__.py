"""The small forms of a household's life: each asks what its act needs and calls it."""

from qiaomen.register.forms.household_events.events import LifeForm
from qiaomen.register.forms.household_events.joining import warn_of_alike
from qiaomen.register.forms.household_events.offered import FORMS, CorrectForm

__all__ = ["FORMS", "CorrectForm", "LifeForm", "warn_of_alike"]
