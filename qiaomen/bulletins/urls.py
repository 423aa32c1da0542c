"""Routes of bulletins and of figures."""

from django.urls import path

from qiaomen.bulletins.views import board, weeks

app_name = "bulletins"
urlpatterns = [
    path("", weeks.show_list, name="list"),
    path("draft/", weeks.draft, name="draft"),
    path("figures/", board.show_board, name="figures"),
    path("figures/courses/", board.show_courses, name="courses"),
    path("figures/<str:code>/", board.show_number, name="number"),
    path("figures/<str:code>/list/", board.show_behind, name="behind"),
    path("<uuid:pk>/", weeks.show_bulletin, name="detail"),
    path("<uuid:pk>/publish/", weeks.publish, name="publish"),
    path("<uuid:pk>/withdraw/", weeks.withdraw, name="withdraw"),
    path("<uuid:pk>/figures/<str:code>/", weeks.show_figure, name="figure"),
]
