"""Routes of publications."""

from django.urls import path

from qiaomen.publications import views

app_name = "publications"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.show, name="detail"),
    path("<uuid:pk>/decide/", views.decide, name="decide"),
    path("<uuid:pk>/publish/", views.publish, name="publish"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/drop/", views.drop, name="drop"),
    path("picture/<uuid:pk>/", views.picture, name="picture"),
    path("file/<uuid:pk>/", views.download, name="file"),
]
