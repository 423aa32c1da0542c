"""One table of where everything lives."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("qiaomen.desk.urls")),
    path("", include("qiaomen.office.urls")),
    path("register/", include("qiaomen.register.urls")),
    path("visits/", include("qiaomen.visits.urls")),
    path("needs/", include("qiaomen.needs.urls")),
    path("cases/", include("qiaomen.cases.urls")),
    path("bulletins/", include("qiaomen.bulletins.urls")),
    path("", include("qiaomen.phone.urls")),
    path("", include("qiaomen.portal.urls")),
]
handler404 = "qiaomen.desk.views.not_found"
handler403 = "qiaomen.desk.views.forbidden"
handler500 = "qiaomen.desk.views.server_error"
