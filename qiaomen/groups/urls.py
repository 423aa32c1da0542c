"""Routes of groups."""

from django.urls import path

from qiaomen.groups.views import definitions, groups

app_name = "groups"
urlpatterns = [
    path("", groups.show_groups, name="list"),
    path("new/", definitions.new_group, name="new"),
    path("asked/<uuid:pk>/", definitions.decide, name="decide"),
    path("<uuid:pk>/", groups.show_group, name="detail"),
    path("<uuid:pk>/define/", definitions.define_group, name="define"),
    path("<uuid:pk>/end/", groups.end, name="end"),
    path("<uuid:pk>/choose/", groups.choose, name="choose"),
]
