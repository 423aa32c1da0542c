"""Routes of visits."""

from django.urls import path

from qiaomen.visits.views import homes
from qiaomen.visits.views.days import planning, promise, rounds, week

app_name = "visits"
urlpatterns = [
    path("rounds/", planning.show_rounds, name="rounds"),
    path("promise/", promise.show_promise, name="promise"),
    path("promise/effect/", promise.show_effect, name="promise-effect"),
    path("promise/minutes/", promise.set_minutes, name="set-minutes"),
    path("week/", week.show_week, name="week"),
    path("week/move/", week.move, name="move-stairwell"),
    path("week/deal/", week.deal, name="deal-week"),
    path("week/off/", week.call_off, name="call-off"),
    path("teams/", planning.make_team, name="make-team"),
    path("due/", planning.show_due, name="due"),
    path("teams/<uuid:pk>/times/", planning.set_times, name="set-times"),
    path("rounds/<uuid:pk>/cancel/", planning.cancel, name="cancel"),
    path("rounds/<uuid:pk>/deal/", planning.deal_anew, name="deal"),
    path("rounds/<uuid:pk>/share/", planning.share, name="share"),
    path("rounds/<uuid:pk>/paper/", rounds.paper, name="paper"),
    path("households/<uuid:pk>/wish/", homes.show_wish, name="wish"),
    path("households/<uuid:pk>/wish/note/", homes.note_wish, name="note-wish"),
    path("households/<uuid:pk>/agree/", homes.agree, name="agree"),
    path("households/<uuid:pk>/slip/", homes.show_slip, name="slip"),
    path("households/<uuid:pk>/pause/", homes.pause, name="pause"),
    path("cadences/<uuid:pk>/", planning.set_cadence, name="set-cadence"),
    path("leaves/", planning.note_leave, name="note-leave"),
    path("leaves/<uuid:pk>/end/", planning.end_leave, name="end-leave"),
    path("teams/<uuid:pk>/plan/", planning.plan, name="plan"),
    path("rounds/<uuid:pk>/", rounds.show_round, name="round"),
    path("rounds/<uuid:pk>/record/", rounds.record, name="record"),
    path("<uuid:pk>/correct/", rounds.correct, name="correct"),
    path("<uuid:pk>/take-back/", rounds.take_back, name="take-back"),
    path("buildings/", homes.show_buildings, name="buildings"),
    path("buildings/<uuid:pk>/", homes.show_building, name="building"),
    path("households/<uuid:pk>/", homes.show_history, name="history"),
    path("photos/<uuid:pk>/", homes.show_photo, name="photo"),
    path("voices/<uuid:pk>/", homes.play_voice, name="voice"),
    path("voices/<uuid:pk>/drop/", homes.drop_voice, name="drop-voice"),
]
