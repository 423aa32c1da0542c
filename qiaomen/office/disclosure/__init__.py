"""What may be seen of people: the gate everything sealed goes through, and the brake that counts what it lets out."""

from qiaomen.office.disclosure.brake import (
    BRAKED,
    LIFTED,
    WINDOW,
    Brake,
    all_brakes,
    brakes_in,
    lift_brake,
    lines_about,
    look,
    short_key,
)
from qiaomen.office.disclosure.gate import READERS, Sight, compare, show, show_lines, show_names, typed_number

__all__ = [
    "BRAKED",
    "LIFTED",
    "READERS",
    "WINDOW",
    "Brake",
    "Sight",
    "all_brakes",
    "brakes_in",
    "compare",
    "lift_brake",
    "lines_about",
    "look",
    "short_key",
    "show",
    "show_lines",
    "show_names",
    "typed_number",
]
