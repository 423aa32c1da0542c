"""Routes of needs."""

from django.urls import path

from qiaomen.needs import views

app_name = "needs"
urlpatterns = [
    path("", views.needs, name="list"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/take-back/", views.take_back, name="take-back"),
    path("owed/<uuid:pk>/drop/", views.drop, name="drop-owed"),
    path("<uuid:pk>/origin/", views.correct_origin, name="origin"),
    path("households/<uuid:pk>/owe/", views.owe, name="owe"),
    path("owed/<uuid:pk>/", views.show_owed, name="owed"),
    path("owed/<uuid:pk>/told/", views.tell, name="tell"),
    path("owed/<uuid:pk>/not-told/", views.untell, name="untell"),
]
