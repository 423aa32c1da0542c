"""What every test stands on."""

from hypothesis import settings

settings.register_profile("qiaomen", deadline=None)  # a slow machine is no bug; the whole run has a limit of its own
settings.load_profile("qiaomen")
