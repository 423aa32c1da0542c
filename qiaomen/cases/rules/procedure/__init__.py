"""Procedures as data, read and deduced: (procedure, what was done, today, calendar, parameters) → how it stands."""

from qiaomen.cases.rules.procedure.facts import Done, Due, Facts, NextStep, Owed, Stop
from qiaomen.cases.rules.procedure.reading import Fault, FaultyProcedure, read_procedure
from qiaomen.cases.rules.procedure.schema import LETTER, PAUSES, Ending, Limit, Procedure, Step
from qiaomen.cases.rules.procedure.standing import Standing, standing, standing_done

__all__ = [
    "LETTER",
    "PAUSES",
    "Done",
    "Due",
    "Ending",
    "Facts",
    "Fault",
    "FaultyProcedure",
    "Limit",
    "NextStep",
    "Owed",
    "Procedure",
    "Standing",
    "Step",
    "Stop",
    "read_procedure",
    "standing",
    "standing_done",
]
