"""What happens to a household: moving, birth, death, marriage, a split, a new head. Each is dated and can be taken
back.
"""

from qiaomen.register.actions.household_events.correcting import (
    CORRECTABLE,
    check_number,
    completed,
    correct_person,
    put_right,
)
from qiaomen.register.actions.household_events.events import (
    change_head,
    close_times,
    enter_register,
    hand_over,
    move_out,
    move_residence,
    move_within,
    part_family,
    record_death,
    settle_households,
    split_household,
)
from qiaomen.register.actions.household_events.joining import add_person, come_back, join_family

__all__ = [
    "CORRECTABLE",
    "add_person",
    "change_head",
    "check_number",
    "close_times",
    "come_back",
    "completed",
    "correct_person",
    "enter_register",
    "hand_over",
    "join_family",
    "move_out",
    "move_residence",
    "move_within",
    "part_family",
    "put_right",
    "record_death",
    "settle_households",
    "split_household",
]
