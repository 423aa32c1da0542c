"""Routes of sheets."""

from django.urls import path

from qiaomen.sheets.views import exports, grid

app_name = "sheets"
urlpatterns = [
    path("", grid.show_grid, name="grid"),
    path("rows/", grid.rows, name="rows"),
    path("edit/", grid.edit, name="edit"),
    path("undo/<uuid:act>/", grid.undo, name="undo"),
    path("redo/<uuid:act>/", grid.redo, name="redo"),
    path("reveal/", grid.reveal, name="reveal"),
    path("past/", grid.past, name="past"),
    path("card/<str:of>/<uuid:pk>/", grid.card, name="card"),
    path("tabs/", grid.save_view, name="save-view"),
    path("tabs/<uuid:pk>/drop/", grid.drop_view, name="drop-view"),
    path("exports/", exports.show_exports, name="exports"),
    path("exports/new/", exports.new_export, name="export-new"),
    path("exports/<uuid:pk>/decide/", exports.decide, name="export-decide"),
    path("exports/<uuid:pk>/take/", exports.take, name="export-take"),
    path("exports/<uuid:pk>/file/<str:link>/", exports.send_file, name="export-file"),
]
