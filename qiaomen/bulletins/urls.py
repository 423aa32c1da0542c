"""Routes of bulletins."""

from django.urls import path

from qiaomen.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("draft/", views.draft, name="draft"),
    path("<uuid:pk>/", views.show_bulletin, name="detail"),
    path("<uuid:pk>/publish/", views.publish, name="publish"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/figures/<str:code>/", views.show_figure, name="figure"),
]
