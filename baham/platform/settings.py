"""Django's settings. What an operator may change comes from `environment`; the rest is the same everywhere."""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from baham.platform import environment, measure

HOME = environment.home()
DEBUG = environment.flag("BAHAM_DEBUG")
# A home that holds the demonstration world, or a part of it, is shown as fictional whoever serves it.
DEMO = environment.flag("BAHAM_DEMO") or any((HOME / name).exists() for name in ("demo.json", "demo.partial"))
REQUIRE_MFA = environment.flag("BAHAM_REQUIRE_MFA", default=not DEMO)
MFA_START_URL = "/accounts/2fa/"
REVIEW_DAYS = environment.days("BAHAM_REVIEW_DAYS", 365)
JOBS_IMMEDIATE = environment.flag("BAHAM_JOBS_IMMEDIATE")
BULK_READS = environment.number("BAHAM_BULK_READS", 500)
PARTY_NAME = environment.text("BAHAM_PARTY_NAME", "Liaison Office, Markaz" if DEMO else "Baham")
MONITOR_DAYS = environment.days("BAHAM_MONITOR_DAYS", 365)
# Half of the cores at the most, so that the pages stay quick while a file is screened.
SCREEN_JOBS = environment.number("BAHAM_SCREEN_JOBS", min(max(environment.cores() // 2, 1), 4))
ALLOWED_HOSTS = environment.several("BAHAM_HOSTS", "localhost,127.0.0.1,[::1]")
# How many proxies stand in front, each of which adds to X-Forwarded-For: limits on signing in count who is behind them.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.count("BAHAM_PROXIES", 0)
CSRF_TRUSTED_ORIGINS = environment.several("BAHAM_ORIGINS", begins=("https://", "http://"))
# Days that clocks of working days pass over, beside the holidays that people enter; 0 is Monday.
WEEKEND = environment.weekdays("BAHAM_WEEKEND", "sat,sun")
PRIVATE_NETWORKS = environment.private_networks()
# The measures that are switched on. Of the others tables, erasure and what persons are told stay.
MEASURES = [one.name for one in measure.switched_on()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "baham.platform.accounts",
    "baham.platform.audit",
    "baham.platform.jobs",
    "baham.platform.ledger",
    "baham.platform.screening",
    "baham.platform.review",
    "baham.platform.cases",
    "baham.platform.release",
    "baham.platform.clients",
    "baham.platform.rights",
    "baham.platform.shell",
    *(one.app for one in measure.installed()),
    *(["baham.demo"] if DEMO else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "baham.platform.shell.middleware.ContentSecurity",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "baham.platform.accounts.middleware.LoginRequired",
    "baham.platform.accounts.middleware.PurposeOfWork",
    "baham.platform.review.middleware.BulkReads",
]
ROOT_URLCONF = "baham.demo.urls" if DEMO else "baham.platform.urls"
WSGI_APPLICATION = "baham.platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "shell" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "baham.platform.shell.templatetags.baham"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "baham.platform.shell.context.console",
            ],
        },
    }
]

DATABASES = {"default": environment.database(environment.text("BAHAM_DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "baham.platform.accounts.adapter.NoSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Baham"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Django knows neither Pashto nor Dari, Balochi or Sindhi; all are written from right to left.
LANG_INFO.setdefault("ps", {"bidi": True, "code": "ps", "name": "Pashto", "name_local": "پښتو"})
LANGUAGES = [("en", _("English")), ("ur", _("Urdu")), ("ps", _("Pashto"))]
LANGUAGES_BIDI = ["ur", "ps", "fa", "prs", "ar", "sd", "bal"]
LANGUAGE_CODE = "en"
# All of ours, so that they go before what libraries say for the same words.
LOCALE_PATHS = sorted(Path(__file__).parents[1].glob("**/locale"))
LANGUAGE_COOKIE_NAME = "baham_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.zone("BAHAM_TIME_ZONE", "Asia/Karachi")

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SECURE = environment.flag("BAHAM_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "baham_session"
SESSION_COOKIE_AGE = 9 * 60 * 60  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.one_of("BAHAM_LOG_LEVEL", LEVELS, "WARNING")},
}

# Only now, when every setting has been found good, is anything made or changed in the home.
environment.keep_private(HOME)
SECRET_KEY = environment.secret(HOME)
