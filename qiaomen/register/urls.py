"""Routes of the register."""

from django.urls import path

from qiaomen.register import import_views, views

app_name = "register"
urlpatterns = [
    path("imports/", import_views.imports, name="imports"),
    path("imports/<uuid:pk>/", import_views.show_import, name="import"),
    path("imports/<uuid:pk>/commit/", import_views.commit_import, name="import-commit"),
    path("imports/<uuid:pk>/columns/", import_views.choose_columns, name="import-columns"),
    path("imports/<uuid:pk>/answers/", import_views.answer_doubts, name="import-answers"),
    path("imports/<uuid:pk>/cancel/", import_views.cancel_import, name="import-cancel"),
    path("imports/<uuid:pk>/undo/", import_views.undo_import, name="import-undo"),
    path("imports/<uuid:pk>/receipt.xlsx", import_views.receipt, name="receipt"),
    path("buildings/", views.buildings, name="buildings"),
    path("buildings/<uuid:pk>/", views.show_building, name="building"),
    path("households/<uuid:pk>/", views.show_household, name="household"),
    path("households/<uuid:pk>/life/<str:kind>/", views.live, name="life"),
    path("households/<uuid:pk>/undo/<uuid:act>/", views.undo_act, name="undo"),
    path("duplicates/", views.show_duplicates, name="duplicates"),
    path("people/<uuid:pk>/merge/", views.merge, name="merge"),
    path("people/<uuid:pk>/apart/", views.tell_apart, name="tell-apart"),
    path("totals/", views.totals, name="totals"),
    path("people/<uuid:pk>/correct/", views.correct, name="correct"),
    path("people/<uuid:pk>/reveal/", views.reveal, name="reveal"),
]
