"""Routes of cases."""

from django.urls import path

from qiaomen.cases.views import matters, moves, near

app_name = "cases"
urlpatterns = [
    path("", matters.show_list, name="list"),
    path("procedures/", moves.show_procedures, name="procedures"),
    path("near/", near.show_near, name="near"),
    path("near/of/<uuid:pk>/", near.declare_near, name="near-of"),
    path("near/<uuid:pk>/end/", near.end_near, name="near-end"),
    path("round/<uuid:pk>/", matters.show_heard_on, name="heard-on"),
    path("hear/<uuid:pk>/", matters.hear, name="hear"),
    path("<uuid:pk>/", matters.show_case, name="detail"),
    path("<uuid:pk>/step/", matters.step, name="step"),
    path("<uuid:pk>/steps/<int:number>/correct/", matters.correct_step, name="correct-step"),
    path("<uuid:pk>/steps/<int:number>/take-back/", matters.take_back_step, name="take-back-step"),
    path("<uuid:pk>/close/", matters.close, name="close"),
    path("<uuid:pk>/answer/", matters.answer, name="answer"),
    path("<uuid:pk>/owner/", matters.change_owner, name="owner"),
    path("<uuid:pk>/procedure/", moves.choose, name="procedure"),
    path("<uuid:pk>/record/", moves.record, name="record"),
    path("<uuid:pk>/pause/", moves.pause, name="pause"),
    path("<uuid:pk>/resume/", moves.resume, name="resume"),
    path("<uuid:pk>/extend/", moves.extend, name="extend"),
    path("<uuid:pk>/refer/", moves.refer, name="refer"),
    path("<uuid:pk>/reply/", moves.reply, name="reply"),
    path("<uuid:pk>/accept/", moves.accept, name="accept"),
    path("<uuid:pk>/decline/", moves.decline, name="decline"),
]
