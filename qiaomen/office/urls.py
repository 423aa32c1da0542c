"""Routes of the office."""

from django.urls import path

from qiaomen.office import views

PREFIX = ""
app_name = "office"
urlpatterns = [
    path("login/", views.show_login, name="login"),
    path("logout/", views.do_logout, name="logout"),
    path("language/", views.choose_language, name="language"),
    path("duties/", views.show_duties, name="duties"),
    path("duties/<uuid:pk>/", views.change_duty, name="duty"),
    path("brake/<uuid:pk>/", views.lift_brake, name="lift-brake"),
    path("ledger/", views.show_ledger, name="ledger"),
    path("ledger/verify/", views.verify_ledger, name="ledger-verify"),
]
