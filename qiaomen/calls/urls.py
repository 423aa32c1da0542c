"""Routes of calls."""

from django.urls import path

from qiaomen.calls.views import calls, put_right, sweeps

app_name = "calls"
urlpatterns = [
    path("", calls.show_calls, name="list"),
    path("alerts/", calls.give_alert, name="alert"),
    path("alerts/<uuid:pk>/end/", calls.end_alert, name="end-alert"),
    path("households/<uuid:pk>/", calls.show_household, name="household"),
    path("households/<uuid:pk>/number/", calls.show_number, name="number"),
    path("households/<uuid:pk>/record/", calls.record, name="record"),
    path("households/<uuid:pk>/go-between/", calls.name_go_between, name="go-between"),
    path("<uuid:pk>/correct/", put_right.correct, name="correct"),
    path("<uuid:pk>/take-back/", put_right.take_back, name="take-back"),
    path("sweeps/", sweeps.show_sweeps, name="sweeps"),
    path("sweeps/<uuid:pk>/", sweeps.show_sweep, name="sweep"),
    path("sweeps/<uuid:pk>/end/", sweeps.end_sweep, name="end-sweep"),
]
