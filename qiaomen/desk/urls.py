"""Routes of the desk."""

from django.urls import path

from qiaomen.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.show_today, name="today"),
    path("search/", views.search, name="search"),
]
