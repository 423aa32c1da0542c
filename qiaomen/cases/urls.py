"""Routes of cases."""

from django.urls import path

from qiaomen.cases import views

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
]
