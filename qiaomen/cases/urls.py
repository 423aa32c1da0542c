"""Routes of cases."""

from django.urls import path

from qiaomen.cases import views
from qiaomen.cases.papers import views as papers
from qiaomen.cases.proxy import views as proxy

app_name = "cases"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("round/<uuid:pk>/", views.show_heard_on, name="heard-on"),
    path("hear/<uuid:pk>/", views.hear, name="hear"),
    path("<uuid:pk>/", views.show_case, name="detail"),
    path("<uuid:pk>/step/", views.step, name="step"),
    path("<uuid:pk>/steps/<int:number>/correct/", views.correct_step, name="correct-step"),
    path("<uuid:pk>/steps/<int:number>/take-back/", views.take_back_step, name="take-back-step"),
    path("<uuid:pk>/close/", views.close, name="close"),
    path("<uuid:pk>/answer/", views.answer, name="answer"),
    path("<uuid:pk>/owner/", views.change_owner, name="owner"),
    path("drawers/", proxy.shelf, name="shelf"),
    path("track/", papers.track, name="track"),
    path("print-list/", papers.send_list, name="print-list"),
    path("templates/", papers.show_templates, name="templates"),
    path("templates/file/", papers.send_template, name="template-file"),
    path("templates/new/", papers.change_template, name="template-new"),
    path("templates/<uuid:pk>/end/", papers.end_template, name="template-end"),
    path("<uuid:pk>/papers/", papers.show, name="papers"),
    path("<uuid:pk>/print/", papers.send, name="print"),
    path("originals/<uuid:pk>/receipt/", papers.send_receipt, name="original-receipt"),
    path("<uuid:pk>/proxy/", proxy.show, name="proxy"),
    path("<uuid:pk>/mandate/", proxy.mandate, name="mandate"),
    path("mandates/<uuid:pk>/withdraw/", proxy.mandate_withdraw, name="mandate-withdraw"),
    path("mandates/<uuid:pk>/take-back/", proxy.mandate_back, name="mandate-back"),
    path("<uuid:pk>/original/", proxy.original, name="original"),
    path("originals/<uuid:pk>/return/", proxy.original_return, name="original-return"),
    path("originals/<uuid:pk>/here/", proxy.original_here, name="original-here"),
    path("originals/<uuid:pk>/take-back/", proxy.original_back, name="original-back"),
    path("<uuid:pk>/material/", proxy.material, name="material"),
    path("materials/<uuid:pk>/settle/", proxy.material_settle, name="material-settle"),
    path("materials/<uuid:pk>/take-back/", proxy.material_back, name="material-back"),
    path("<uuid:pk>/trip/", proxy.trip, name="trip"),
    path("<uuid:pk>/deliver/", proxy.deliver, name="deliver"),
    path("<uuid:pk>/deliver/off/", proxy.deliver_off, name="deliver-off"),
    path("consents/<uuid:pk>/tell/", proxy.tell_relative, name="tell-relative"),
    path("trips/<uuid:pk>/take-back/", proxy.trip_back, name="trip-back"),
]
