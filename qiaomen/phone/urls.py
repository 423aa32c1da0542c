"""Routes of the phone: the API, and the desk's page of phones."""

from django.urls import path

from qiaomen.phone import views

PREFIX = ""
app_name = "phone"
urlpatterns = [
    path("api/phone/enrol", views.enrol, name="enrol"),
    path("api/phone/pack", views.pack, name="pack"),
    path("api/phone/inbox", views.inbox_items, name="inbox"),
    path("api/phone/photos/<uuid:pk>", views.photo, name="photo"),
    path("api/phone/badge-photo", views.badge_photo, name="badge-photo"),
    path("api/phone/numbers/<uuid:pk>", views.number, name="number"),
    path("api/phone/leave", views.leave, name="leave"),
    path("who/", views.show_who, name="who"),
    path("phones/brought/", views.show_brought, name="brought"),
    path("phones/versions/<uuid:pk>/", views.settle, name="settle"),
    path("phones/parts/<uuid:pk>/", views.settle_part, name="settle-part"),
    path("phones/findings/<uuid:pk>/", views.settle_finding, name="settle-finding"),
    path("phones/file/", views.take_file, name="take-file"),
    path("phones/", views.show_devices, name="devices"),
    path("phones/<uuid:pk>/revoke/", views.revoke, name="revoke"),
    path("phones/inbox/<uuid:pk>/take-in/", views.take_in, name="take-in"),
    path("phones/inbox/<uuid:pk>/set-aside/", views.set_aside, name="set-aside"),
]
