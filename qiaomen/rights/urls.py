"""Routes of rights."""

from django.urls import path

from qiaomen.rights import views

app_name = "rights"
urlpatterns = [
    path("people/<uuid:pk>/page/", views.own_page, name="own-page"),
    path("people/<uuid:pk>/ask/", views.ask_right, name="ask"),
    path("people/<uuid:pk>/erase/", views.erase, name="erase"),
    path("", views.show_rights, name="list"),
    path("<uuid:pk>/", views.answer_right, name="answer"),
]
