"""Routes of visits."""

from django.urls import path

from qiaomen.visits import views

app_name = "visits"
urlpatterns = [
    path("rounds/", views.rounds, name="rounds"),
    path("teams/", views.make_team, name="make-team"),
    path("teams/<uuid:pk>/plan/", views.plan, name="plan"),
    path("rounds/<uuid:pk>/", views.show_round, name="round"),
    path("rounds/<uuid:pk>/record/", views.record, name="record"),
    path("buildings/", views.show_buildings, name="buildings"),
    path("buildings/<uuid:pk>/", views.show_building, name="building"),
    path("households/<uuid:pk>/", views.show_history, name="history"),
    path("photos/<uuid:pk>/", views.show_photo, name="photo"),
]
