"""Routes of callbacks."""

from django.urls import path

from qiaomen.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("new/", views.new, name="new"),
    path("rules/", views.rules, name="rules"),
    path("key/", views.key, name="key"),
    path("calls/", views.show_calls, name="calls"),
    path("calls/<uuid:pk>/", views.show_call, name="call"),
    path("calls/<uuid:pk>/attempt/", views.attempt, name="attempt"),
    path("calls/<uuid:pk>/give-up/", views.give_up, name="give-up"),
    path("calls/<uuid:pk>/slip/", views.slip, name="slip"),
    path("<uuid:pk>/", views.show_round, name="round"),
    path("<uuid:pk>/draw/", views.draw, name="draw"),
    path("<uuid:pk>/proof/", views.proof, name="proof"),
]
