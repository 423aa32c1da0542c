"""Routes of the register."""

from django.urls import path

from qiaomen.register import export_views, grid_views, group_views, person_views, totals_views, views

app_name = "register"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<uuid:pk>/", views.show_import, name="import"),
    path("imports/<uuid:pk>/commit/", views.commit_import, name="import-commit"),
    path("imports/<uuid:pk>/columns/", views.choose_columns, name="import-columns"),
    path("imports/<uuid:pk>/undo/", views.undo_import, name="import-undo"),
    path("imports/<uuid:pk>/receipt.xlsx", views.receipt, name="receipt"),
    path("households/<uuid:pk>/", views.show_household, name="household"),
    path("households/<uuid:pk>/life/<str:kind>/", views.live, name="life"),
    path("households/<uuid:pk>/undo/<uuid:act>/", views.undo_act, name="undo"),
    path("duplicates/", views.show_duplicates, name="duplicates"),
    path("people/<uuid:pk>/merge/", views.merge, name="merge"),
    path("people/<uuid:pk>/apart/", views.tell_apart, name="tell-apart"),
    path("totals/", totals_views.totals, name="totals"),
    path("totals/people/", totals_views.behind_total, name="behind-total"),
    path("people/<uuid:pk>/correct/", views.correct, name="correct"),
    path("people/<uuid:pk>/reveal/", views.reveal, name="reveal"),
    path("people/<uuid:pk>/tell/", person_views.tell, name="tell"),
    path("people/<uuid:pk>/page/", person_views.own_page, name="own-page"),
    path("people/<uuid:pk>/ask/", person_views.ask_right, name="ask-right"),
    path("people/<uuid:pk>/erase/", person_views.erase, name="erase"),
    path("rights/", person_views.show_rights, name="rights"),
    path("rights/<uuid:pk>/", person_views.answer_right, name="answer-right"),
    path("groups/", group_views.show_groups, name="groups"),
    path("groups/<uuid:pk>/", group_views.show_group, name="group"),
    path("groups/<uuid:pk>/define/", group_views.define_group, name="define-group"),
    path("groups/<uuid:pk>/choose/", group_views.choose, name="choose"),
    path("grid/", grid_views.show_grid, name="grid"),
    path("grid/rows/", grid_views.rows, name="grid-rows"),
    path("grid/edit/", grid_views.edit, name="grid-edit"),
    path("grid/undo/<uuid:act>/", grid_views.undo, name="grid-undo"),
    path("grid/redo/<uuid:act>/", grid_views.redo, name="grid-redo"),
    path("grid/reveal/", grid_views.reveal, name="grid-reveal"),
    path("grid/past/", grid_views.past, name="grid-past"),
    path("grid/card/<str:of>/<uuid:pk>/", grid_views.card, name="grid-card"),
    path("grid/tabs/", grid_views.save_view, name="grid-save"),
    path("grid/tabs/<uuid:pk>/drop/", grid_views.drop_view, name="grid-drop"),
    path("exports/", export_views.show_exports, name="exports"),
    path("exports/new/", export_views.new_export, name="export-new"),
    path("exports/<uuid:pk>/decide/", export_views.decide, name="export-decide"),
    path("exports/<uuid:pk>/take/", export_views.take, name="export-take"),
]
