"""Django's settings. What a site may set from outside is in `environment.py`."""

from __future__ import annotations

from typing import Any

import dj_database_url
import structlog
from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from ganeti_webmgr.environment import BASE_DIR, Environment, kept_secret, new_field_key, new_secret_key
from ganeti_webmgr.mail import mail_settings

ENV = Environment()

DEBUG = ENV.debug
STATE_DIR = ENV.state_dir
STATE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = ENV.secret_key or kept_secret(STATE_DIR / "secret_key", new_secret_key())
FIELD_KEYS = (
    (ENV.field_keys or kept_secret(STATE_DIR / "field_keys", new_field_key())).replace(",", "\n").split()
)
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.trusted_origins

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "guardian",
    "django_filters",
    "ganeti_webmgr.ui",
    "ganeti_webmgr.live",
    "ganeti_webmgr.audit",
    "ganeti_webmgr.accounts",
    "ganeti_webmgr.permissions",
    "ganeti_webmgr.lists",
    "ganeti_webmgr.clusters",
    "ganeti_webmgr.jobs",
    "ganeti_webmgr.nodes",
    "ganeti_webmgr.vms",
    "ganeti_webmgr.consoles",
    "ganeti_webmgr.bulk",
    "ganeti_webmgr.administration",
    "ganeti_webmgr.networks",
    "ganeti_webmgr.reconcile",
    "ganeti_webmgr.record",
    "ganeti_webmgr.people",
    "ganeti_webmgr.dashboard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ganeti_webmgr.ui.middleware.browser_permissions",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ganeti_webmgr.ui.middleware.no_null_bytes",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ganeti_webmgr.audit.origin.middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ganeti_webmgr.accounts.middleware.temporary_password",
    "ganeti_webmgr.accounts.middleware.own_surroundings",
    "ganeti_webmgr.clusters.former.middleware",
    "ganeti_webmgr.ui.middleware.Refusals",
]

ROOT_URLCONF = "ganeti_webmgr.urls"
ASGI_APPLICATION = "ganeti_webmgr.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["ganeti_webmgr.ui.templatetags.ui", "ganeti_webmgr.ui.templatetags.rows"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ganeti_webmgr.ui.context.frame",
                "ganeti_webmgr.clusters.estate.staleness",
            ],
        },
    }
]
FORM_RENDERER = "ganeti_webmgr.ui.renderer.Renderer"

# --- Data ---------------------------------------------------------------------------------------------

_SQLITE = {
    "transaction_mode": "IMMEDIATE",  # else readers that become writers meet "database is locked"
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
    "PRAGMA cache_size=-20000;",
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        ENV.database_url or f"sqlite:///{STATE_DIR / 'gwm.sqlite3'}",
        conn_max_age=None,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = _SQLITE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENV.redis_url or f"unix://{STATE_DIR / 'redis' / 'redis.sock'}"
CACHES = {
    "default": {
        "BACKEND": "ganeti_webmgr.clusters.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "gwm",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# --- People -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Guardian's own backend would answer without looking at when a grant ends: permissions.policy decides.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
ANONYMOUS_USER_NAME = None  # guardian: no row for people who are not signed in
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("dashboard:overview")
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "ganeti_webmgr.accounts.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # they would be counted in the cache; accounts.throttle does
SESSION_ENGINE = "ganeti_webmgr.accounts.session_store"
PASSWORD_RESET_TIMEOUT = 3600

# --- Mail ---------------------------------------------------------------------------------------------

CAN_SEND_MAIL = bool(ENV.email_url)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from
globals().update(mail_settings(ENV.email_url))

# --- The browser --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
BEHIND_PROXY = ENV.behind_tls
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if ENV.behind_tls:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ganeti_webmgr.ui.storage.HashedStaticFiles"},
}

# --- Consoles -----------------------------------------------------------------------------------------

CONSOLE_LISTEN = ENV.console_listen
CONSOLE_PORT = ENV.console_port
CONSOLE_CONNECT_TIMEOUT_S = ENV.console_connect_timeout_s
CONSOLE_IDLE_S = ENV.console_idle_s
CONSOLE_LONGEST_S = ENV.console_longest_s
CONSOLE_MOST_PER_PERSON = ENV.console_most_per_person
CONSOLE_MOST = ENV.console_most
CONSOLE_LONGEST_MESSAGE = ENV.console_longest_message
CONSOLE_ROUTES = ENV.console_routes
SERIAL_SOCKETS = ENV.serial_sockets
SERIAL_RELAYS = ENV.serial_relays

USE_TZ = True
TIME_ZONE = ENV.time_zone
LANGUAGE_CODE = "en-gb"
USE_I18N = False

# --- Work in the background ---------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not wait for a broker that is down; the sweep finds what was not rung.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    # kombu connects again and again, for six seconds, even where publishing is not to be retried.
    "max_retries": 1,
    "interval_start": 0,
}

# --- Logs ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(
                colors=False,
                # Not the renderer that shows every local variable, passwords too.
                exception_formatter=structlog.dev.plain_traceback,
            ),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
