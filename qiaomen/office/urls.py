"""Routes of the office."""

from django.urls import path

from qiaomen.office import views
from qiaomen.office.accounts import views as accounts
from qiaomen.office.handover import views as handover
from qiaomen.office.shared import views as shared

PREFIX = ""
app_name = "office"
urlpatterns = [
    path("login/", views.show_login, name="login"),
    path("logout/", views.do_logout, name="logout"),
    path("language/", views.choose_language, name="language"),
    path("large/", views.toggle_large, name="large"),
    path("accounts/", accounts.show_accounts, name="accounts"),
    path("accounts/new/", accounts.new_account, name="account-new"),
    path("accounts/<uuid:pk>/", accounts.show_account, name="account"),
    path("accounts/<uuid:pk>/code/", accounts.give_code, name="account-code"),
    path("accounts/<uuid:pk>/close/", accounts.close_account, name="account-close"),
    path("accounts/<uuid:pk>/reopen/", accounts.reopen_account, name="account-reopen"),
    path("accounts/<uuid:pk>/badge-photo/", accounts.badge_photo, name="badge-photo"),
    path("accounts/<uuid:pk>/sessions/end/", accounts.end_sessions, name="sessions-end"),
    path("sessions/<uuid:pk>/end/", accounts.end_session, name="session-end"),
    path("password/", accounts.change_password, name="password"),
    path("password/sessions/<uuid:pk>/end/", accounts.end_own_session, name="own-session-end"),
    path("communities/", shared.show_communities, name="communities"),
    path("communities/new/", shared.new_community, name="community-new"),
    path("communities/<uuid:pk>/", shared.show_community, name="community"),
    path("duties/", views.show_duties, name="duties"),
    path("duties/<uuid:pk>/", views.change_duty, name="duty"),
    path("brake/<uuid:pk>/", views.lift_brake, name="lift-brake"),
    path("ledger/", views.show_ledger, name="ledger"),
    path("ledger/verify/", views.verify_ledger, name="ledger-verify"),
    path("bodies/", shared.show_bodies, name="bodies"),
    path("bodies/new/", shared.keep_body, name="body-new"),
    path("bodies/<uuid:pk>/", shared.keep_body, name="body"),
    path("bodies/<uuid:pk>/confirm/", shared.confirm_body, name="body-confirm"),
    path("bodies/<uuid:pk>/end/", shared.end_body, name="body-end"),
    path("posted/", shared.show_posted, name="posted"),
    path("posted/<uuid:pk>/end/", shared.end_posted, name="posted-end"),
    path("campaigns/", shared.show_campaigns, name="campaigns"),
    path("campaigns/<uuid:pk>/", shared.show_campaign, name="campaign"),
    path("campaigns/<uuid:pk>/decide/", shared.decide_campaign, name="campaign-decide"),
    path("campaigns/<uuid:pk>/mark/", shared.mark, name="campaign-mark"),
    path("photos/<uuid:pk>/", shared.show_photo, name="photo"),
    path("photos/<uuid:pk>/original/", shared.photo_original, name="photo-original"),
    path("photos/<uuid:pk>/copy/", shared.photo_copy, name="photo-copy"),
    path("photos/<uuid:pk>/redact/", shared.redact, name="photo-redact"),
    path("staff/<uuid:pk>/handover/", handover.hand_over, name="handover"),
    path("staff/<uuid:pk>/away/", handover.away, name="away"),
    path("handovers/<uuid:pk>/back/", handover.take_back, name="take-back"),
]
