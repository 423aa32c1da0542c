"""Teams, their rounds with the doors in walking order, the visits, and what is due."""

from qiaomen.visits.models.dues import Cadence, CadencePromise, DueRun, DueVisit, VisitMinutes, VisitRequest
from qiaomen.visits.models.walks import (
    Conflict,
    Correction,
    Leave,
    Observation,
    Pause,
    Round,
    RoundDoor,
    Team,
    Visit,
    VisitDetail,
    VisitPhoto,
    VisitVoice,
    VisitWish,
    is_planned,
)

__all__ = [
    "Cadence",
    "CadencePromise",
    "Conflict",
    "Correction",
    "DueRun",
    "DueVisit",
    "Leave",
    "Observation",
    "Pause",
    "Round",
    "RoundDoor",
    "Team",
    "Visit",
    "VisitDetail",
    "VisitMinutes",
    "VisitPhoto",
    "VisitRequest",
    "VisitVoice",
    "VisitWish",
    "is_planned",
]
