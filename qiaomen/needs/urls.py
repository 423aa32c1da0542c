"""Routes of needs."""

from django.urls import path

from qiaomen.needs import views

app_name = "needs"
urlpatterns = [path("", views.needs, name="list")]
