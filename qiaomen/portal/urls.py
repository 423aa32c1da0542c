"""Routes of the public pages."""

from django.urls import path

from qiaomen.portal import views

PREFIX = ""
app_name = "portal"
urlpatterns = [
    path("", views.show_home, name="home"),
    path("p/<slug:code>/", views.show_community, name="community"),
    path("p/<slug:code>/<uuid:pk>/", views.show_bulletin, name="bulletin"),
    path("p/<slug:code>/out/<uuid:pk>/", views.show_publication, name="publication"),
    path("p/<slug:code>/out/file/<uuid:pk>/", views.send_file, name="publication-file"),
    path("fields/", views.show_fields, name="fields"),
    path("large/", views.toggle_large, name="large"),
]
