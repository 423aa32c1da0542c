"""The one language in which every "who?" is asked: care groups, due visits, benefits, offers."""
