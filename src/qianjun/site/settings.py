"""Settings: read from the environment and the data folder; importing starts nothing. 设置"""

import os
import secrets
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from qianjun.site import database
from qianjun.site.modules import PARTS, modules_with

HERE = Path(__file__).parent
DATA = Path(os.environ.get("QIANJUN_DATA", "data")).resolve()
LOCK_WAIT_MS = 10_000
CONNECT_S = 5


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or database.dsn(DATA / "db")
    parts = {k: str(v) for k, v in conninfo_to_dict(url).items() if v is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "postgres"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # a turn or a repeated key waits this long, then is told to come again
        # statements are bound and prepared by the server: less to parse for every report
        "OPTIONS": {
            "connect_timeout": CONNECT_S,  # a host that is gone must not hold every thread
            **parts,
            "options": f"-c lock_timeout={LOCK_WAIT_MS}",
            "server_side_binding": True,
            "prepare_threshold": 4,
        },
    }


def _read(name: str, otherwise: str) -> str:
    file = DATA / name
    return file.read_text().strip() if file.exists() else otherwise


# live, demo or drill: written once by init or demo, never switched
REALM = os.environ.get("QIANJUN_REALM") or _read("realm", "live")
SECRET_KEY = _read("keys/secret.key", secrets.token_urlsafe(50))
LINK_KEY = _read("keys/link.key", secrets.token_urlsafe(50))
# seals the secrets among the settings; several hosts need the same one
SETTINGS_KEY_FILE = Path(os.environ.get("QIANJUN_KEY_FILE") or DATA / "keys" / "settings.key")
# by what the journal is chained: sha256 or sm3; a chain may change it
JOURNAL_HASH = os.environ.get("QIANJUN_CHAIN_HASH", "sha256")

DATABASES = {"default": _database()}
DEBUG = False
# the desk is reached by whatever name the bureau gives the machine, unless it names them
ALLOWED_HOSTS = os.environ.get("QIANJUN_HOSTS", "*").replace(",", " ").split()
# behind a proxy that ends TLS, sets X-Forwarded-Proto itself and is the only way in
if os.environ.get("QIANJUN_TLS") == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
ROOT_URLCONF = "qianjun.site.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
# in the order of their layers; a module that is added is found
OWN = ("journal", "org", "place", "media", "message", "incident", "response", "duty", "site")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    *(f"qianjun.{name}" for name in OWN[:-1]),
    *(f"qianjun.{name}" for name in modules_with(*PARTS, but=OWN)),
    "qianjun.site",
]
MIDDLEWARE = [
    "qianjun.site.middleware.safety",
    "qianjun.media.tus.manners",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "qianjun.site.middleware.Manners",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qianjun.site.frame.frame",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = ["qianjun.org.people.Accounts"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
CSRF_FAILURE_VIEW = "qianjun.site.lastly.cross_site"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "qianjun.org.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # delays of our own, in org.delays
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "qianjun.org.second.adapter.SecondAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs in by mail here
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "qianjun.org.second.forms.AuthenticateForm",
    "reauthenticate": "qianjun.org.second.forms.ReauthenticateForm",
    "activate_totp": "qianjun.org.second.forms.ActivateForm",
    "authenticate_webauthn": "qianjun.org.second.forms.AuthenticateKeyForm",
    "reauthenticate_webauthn": "qianjun.org.second.forms.ReauthenticateKeyForm",
    "add_webauthn": "qianjun.org.second.forms.AddKeyForm",
}
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "reactions"
PROCRASTINATE_WORKER_DEFAULTS = {
    "fetch_job_polling_interval": 0.5,
    "abort_job_polling_interval": 5.0,
    "update_heartbeat_interval": 1.0,
    "stalled_worker_timeout": 5.0,
    "delete_jobs": "successful",
    "shutdown_graceful_timeout": 10.0,
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "qianjun.site.logs.Plain"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # what fails is logged under an id by site.problems; every 404 of a crawler would be a line
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "CRITICAL"}},
}
