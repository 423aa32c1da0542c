"""Routes of the register."""

from django.urls import path

from qiaomen.register.views import duplicates, households, persons, totals

app_name = "register"
urlpatterns = [
    path("households/<uuid:pk>/", households.show_household, name="household"),
    path("households/<uuid:pk>/life/<str:kind>/", households.live, name="life"),
    path("households/<uuid:pk>/undo/<uuid:act>/", households.undo_act, name="undo"),
    path("duplicates/", duplicates.show_duplicates, name="duplicates"),
    path("duplicates/again/", duplicates.look_again, name="duplicates-again"),
    path("people/<uuid:pk>/merge/", duplicates.merge, name="merge"),
    path("people/<uuid:pk>/apart/", duplicates.tell_apart, name="tell-apart"),
    path("totals/", totals.show_totals, name="totals"),
    path("totals/people/", totals.behind_total, name="behind-total"),
    path("people/<uuid:pk>/correct/", households.correct, name="correct"),
    path("people/<uuid:pk>/reveal/", households.reveal, name="reveal"),
    path("people/<uuid:pk>/tell/", persons.tell, name="tell"),
    path("people/<uuid:pk>/consents/", persons.consents, name="consents"),
    path("consents/<uuid:pk>/withdraw/", persons.withdraw, name="withdraw"),
    path("consents/<uuid:pk>/use/", persons.use, name="use-consent"),
]
