"""Every setting, from the environment only (see .env.example). One file: no base/local/prod."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from qiaomen import take_fixed_sqlite, wal_is_safe
from qiaomen.frontdoor.proxy import read_networks
from qiaomen.kernel import clock, sealing

take_fixed_sqlite()
HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("QM_DATA", str(HERE.parent / "data"))).resolve()
os.umask(0o077)  # whatever this process writes (database, WAL, photos, drafts, backups) only its user reads
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
HTTPS = os.environ.get("QM_HTTPS") == "1"
DEMO = os.environ.get("QM_DEMO") == "1"


def _keys_folder() -> Path:
    """Return where the keys are kept: named, or chosen once and noted in DATA, so that every command finds them.

    An install that residents' browsers reach over HTTPS keeps them in its user's own settings, where no copy of DATA
    takes them along; a demo, and a DATA that has its keys already, keeps them there. `check --deploy` says so.
    """
    note = DATA / "keys.location"
    if named := os.environ.get("QM_KEYS_DIR"):
        return Path(named).resolve()
    if note.exists():
        return Path(note.read_text().strip())
    if not HTTPS or DEMO or (DATA / "master.secret").exists() or os.environ.get("QM_MASTER_KEYS"):
        return DATA
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    chosen = home / "qiaomen" / hashlib.sha256(str(DATA).encode()).hexdigest()[:12]
    try:
        chosen.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(str(chosen))
    except OSError:
        return DATA
    return chosen


KEYS = _keys_folder()
KEYS.mkdir(mode=0o700, parents=True, exist_ok=True)


def _close_to_others() -> None:
    """Take from others what an older version, or a copy, left readable: the folder, the database and its WAL."""
    for path in (DATA, *DATA.glob("*.sqlite3*"), *DATA.glob("*.secret")):
        if os.name != "nt" and path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o077:
            path.chmod(path.stat().st_mode & 0o700)


_close_to_others()


def _kept_secret(name: str, length: int = 32) -> str:
    """Read a secret from KEYS, making it on first use; 0600, so that only the server's user reads it."""
    path = KEYS / f"{name}.secret"
    if not path.exists():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(length))
        except FileExistsError:
            pass  # another process was first
    return path.read_text().strip()


DEBUG = os.environ.get("QM_DEBUG") == "1"
SECRET_KEY = os.environ.get("QM_SECRET_KEY") or _kept_secret("session")
ALLOWED_HOSTS = os.environ.get("QM_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed (qiaomen/frontdoor/proxy.py).
TRUSTED_PROXY = read_networks(os.environ.get("QM_TRUSTED_PROXY", ""))

# Seconds this site's time runs ahead of the machine's, for tests and demos only; `check --deploy` refuses it elsewhere.
clock.run_ahead(float(os.environ.get("QM_CLOCK") or 0))

# "k2:<hex>,k1:<hex>", newest first: new values are sealed with the first, old ones still open (rotation). The kept file
# holds one bare key, or the same list when a backup was restored into this folder.
_master = os.environ.get("QM_MASTER_KEYS") or _kept_secret("master")
sealing.configure(_master if ":" in _master else "k1:" + _master, suite=os.environ.get("QM_SUITE", "aes"))

# Heads of the ledger outside the database, and where a copy goes each day: a folder (a share, a stick), a command.
LEDGER_FOLDER = DATA / "ledger"
LEDGER_HEADS_DIR = os.environ.get("QM_LEDGER_HEADS_DIR", "")
LEDGER_HEADS_COMMAND = os.environ.get("QM_LEDGER_HEADS_COMMAND", "")

# Folders of policy as data, colon-separated (semicolon on Windows); a later one adds to an earlier one.
PACKS = [
    Path(part)
    for part in (os.environ.get("QM_PACKS") or str(HERE.parent / "packs" / "national")).split(os.pathsep)
    if part
]

# People an account may open in any rolling hour before it is stopped (office/disclosure; promises.md C10).
LOOKS_PER_HOUR = int(os.environ.get("QM_LOOKS_PER_HOUR") or "200")

# Where nightly backups go (another disk, a share) and how many are kept (office/backups/).
BACKUP_DIR = os.environ.get("QM_BACKUP_DIR") or str(DATA / "backups")
BACKUP_KEEP = max(1, int(os.environ.get("QM_BACKUP_KEEP") or "14"))

# The street, lowest house first: a new house is an entry here. Each declares its routes, permissions, menu, nightly
# tasks, figures and ledger lines in rooms of its own, which the shell gathers.
HOUSES = [
    "office",
    "register",
    "groups",
    "visits",
    "calls",
    "needs",
    "cases",
    "callbacks",
    "imports",
    "sheets",
    "rights",
    "bulletins",
    "publications",
    "phone",
    "portal",
    "desk",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    *(f"qiaomen.{house}" for house in HOUSES),
    "qiaomen.frontdoor.apps.FrontDoorConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before the files, which are answered without going further down
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qiaomen.desk.middleware.PressedPagesMiddleware",
    "qiaomen.office.forgetting.ForgetMiddleware",
    "qiaomen.office.middleware.HeadLikeGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qiaomen.office.sign_in.idle.IdleMiddleware",
    "qiaomen.office.middleware.FirstPasswordMiddleware",
    "qiaomen.office.middleware.NothingKeptMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qiaomen.office.middleware.PermissionTableMiddleware",
    "qiaomen.desk.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "qiaomen.urls"
WSGI_APPLICATION = "qiaomen.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "qiaomen.desk.context.shell",
            ],
        },
    }
]

if url := os.environ.get("QM_DATABASE_URL"):
    _parts = urlparse(url)
    DATABASES: dict[str, dict[str, Any]] = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _parts.path.lstrip("/"),
            "USER": unquote(_parts.username or ""),
            "PASSWORD": unquote(_parts.password or ""),
            "HOST": unquote(_parts.hostname or ""),
            "PORT": str(_parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 24}},  # one for each thread of the web server, and some
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "qiaomen.sqlite3"),
            # Measured: opening anew for each request costs 1.4 ms, and the last one that closes writes the whole WAL
            # back.
            "CONN_MAX_AGE": None,
            # Measured: Django's default DEFERRED transactions lost 8 % of read-then-write work to "database is locked".
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": f"PRAGMA journal_mode={'WAL' if wal_is_safe() else 'DELETE'}; "
                "PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA mmap_size=0; "
                "PRAGMA cache_size=-16384; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counters of the brakes: with the 300 entries of the default a flood of keys would push the others out.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
}

AUTH_USER_MODEL = "office.Staff"
AUTHENTICATION_BACKENDS = [
    "qiaomen.office.sign_in.AddressBrake",
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "qiaomen.office.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "qiaomen.office.accounts.passwords.NotOnlyDigits"},
    {"NAME": "qiaomen.office.accounts.passwords.NotCommon"},
    {"NAME": "qiaomen.office.accounts.passwords.NotOneself"},
]
LOGIN_URL = "office:login"
LOGIN_REDIRECT_URL = "desk:today"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login_name"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "qiaomen.office.views.show_lockout"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W001"]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # a browser takes a cookie of this name only over HTTPS, from this very host, for all of it
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],  # Vant sets sizes as style attributes
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],  # a voice line is heard on the phone before it is saved
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "qiaomen.desk.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in [HERE / "webroot" / "static"] if path.exists()]
WHITENOISE_ROOT = HERE / "webroot"
WHITENOISE_INDEX_FILE = True
WHITENOISE_USE_FINDERS = True
# The phone app's build puts a hash of the content into these names: a changed file has another name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/m/assets/[^/]+-[\w-]{8}\.\w+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has any business with these files
MEDIA_ROOT = DATA / "media"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("QM_LOG_LEVEL", "WARNING")},
}
