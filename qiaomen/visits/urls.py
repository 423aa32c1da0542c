"""Routes of visits."""

from django.urls import path

from qiaomen.visits import views

app_name = "visits"
urlpatterns = [
    path("rounds/", views.show_rounds, name="rounds"),
    path("teams/", views.make_team, name="make-team"),
    path("due/", views.show_due, name="due"),
    path("teams/<uuid:pk>/times/", views.set_times, name="set-times"),
    path("rounds/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("rounds/<uuid:pk>/deal/", views.deal_anew, name="deal"),
    path("rounds/<uuid:pk>/share/", views.share, name="share"),
    path("rounds/<uuid:pk>/paper/", views.paper, name="paper"),
    path("households/<uuid:pk>/wish/", views.show_wish, name="wish"),
    path("households/<uuid:pk>/wish/note/", views.note_wish, name="note-wish"),
    path("households/<uuid:pk>/pause/", views.pause, name="pause"),
    path("cadences/<uuid:pk>/", views.set_cadence, name="set-cadence"),
    path("leaves/", views.note_leave, name="note-leave"),
    path("leaves/<uuid:pk>/end/", views.end_leave, name="end-leave"),
    path("teams/<uuid:pk>/plan/", views.plan, name="plan"),
    path("rounds/<uuid:pk>/", views.show_round, name="round"),
    path("rounds/<uuid:pk>/record/", views.record, name="record"),
    path("buildings/", views.show_buildings, name="buildings"),
    path("buildings/<uuid:pk>/", views.show_building, name="building"),
    path("households/<uuid:pk>/", views.show_history, name="history"),
    path("photos/<uuid:pk>/", views.show_photo, name="photo"),
]
