"""Routes of imports."""

from django.urls import path

from qiaomen.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("<uuid:pk>/", views.show_import, name="detail"),
    path("<uuid:pk>/commit/", views.commit_import, name="commit"),
    path("<uuid:pk>/columns/", views.choose_columns, name="columns"),
    path("<uuid:pk>/answers/", views.answer_doubts, name="answers"),
    path("<uuid:pk>/cancel/", views.cancel_import, name="cancel"),
    path("<uuid:pk>/undo/", views.undo_import, name="undo"),
    path("<uuid:pk>/receipt.xlsx", views.receipt, name="receipt"),
]
