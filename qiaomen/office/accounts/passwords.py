"""One-time codes that are printed once, and what a password of one's own has to be."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Read from paper without asking: no 0 and O, 1 and I and L."""
GROUPS, GROUP = 3, 4
GOOD_FOR = timedelta(days=7)
"""A code on a slip of paper is a password somebody else has seen: after a week it opens nothing."""
LEFT = 6
"""Signs of a password that are not one's own name or telephone."""
PUBLIC = ("qiaomen-demo", "qiaomen")


def make_code() -> str:
    """Return a new one-time code, e.g. `7K4M-9PXT-C2HN`: 59 bits, typed as it is printed."""
    groups = ["".join(secrets.choice(LETTERS) for _place in range(GROUP)) for _group in range(GROUPS)]
    return "-".join(groups)


class LongEnough(password_validation.MinimumLengthValidator):
    """The rule of length, said so that somebody knows what to do."""

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        return _("密码太短，至少要 {length} 位。可以用几个词连起来，例如自己想的一句话。").format(
            length=self.min_length
        )

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("至少 {length} 位，不能全是数字").format(length=self.min_length)


class NotCommon(password_validation.CommonPasswordValidator):
    """Not one of the 20,000 that are tried first, nor one that stands in our own papers."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a common password. Raises ValidationError."""
        if password.lower().strip() in PUBLIC:
            raise ValidationError(self.get_error_message(), code="password_too_common")
        super().validate(password, user)

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        return _("这个密码太常见，别人一猜就中。请换一个只有自己知道的。")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("不能是大家常用的密码")


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    """No telephone number, no birthday."""

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        return _("密码不能全是数字，电话和生日很容易被猜到。请加上字母或别的符号。")

    def get_help_text(self) -> str:
        """Return nothing: the rule of length says it."""
        return ""


class NotOneself(password_validation.UserAttributeSimilarityValidator):
    """Not like the name one signs in with, one's name or telephone."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("login_name", "name", "telephone"))

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what is little more than one's own name, also said twice. Raises ValidationError."""
        super().validate(password, user)
        known = [str(getattr(user, name, "") or "").lower() for name in self.user_attributes]
        if any(len(text) > 1 and len(password.lower().replace(text, "")) < LEFT for text in known):
            raise ValidationError(self.get_error_message(), code="password_too_similar")

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        return _("密码和您的登录名、姓名或电话太像。请换一个。")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("不能和自己的登录名、姓名、电话差不多")


def rule_in_words() -> str:
    """Return what a password has to be, as one sentence."""
    return "；".join(text for text in password_validation.password_validators_help_texts() if text) + "。"
