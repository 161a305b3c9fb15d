"""Settings for the shell alone: Django's own user, no rooms but the account pages. Used in a process of its own."""

from baham.platform.settings import *  # noqa: F403
from baham.platform.settings import INSTALLED_APPS as _APPS
from baham.platform.settings import MIDDLEWARE as _MIDDLEWARE

INSTALLED_APPS = [app for app in _APPS if not app.startswith("baham.") or app.endswith(".shell")]
MIDDLEWARE = [name for name in _MIDDLEWARE if not name.startswith("baham.platform.accounts")]
AUTH_USER_MODEL = "auth.User"
ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
ROOT_URLCONF = "tests.platform.shell.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
DEMO = True
STATICFILES_DIRS: list[str] = []
