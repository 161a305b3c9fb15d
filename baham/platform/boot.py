"""The one door through which a command comes to Django, so that a command that does not need it never pays for it."""

import os


def boot(*, migrate: bool = True) -> None:
    """Set Django up on the data in BAHAM_HOME and bring its tables up to date. Doing it twice does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baham.platform.settings")
    import django
    from django.apps import apps
    from django.conf import settings

    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not apps.ready:
        django.setup()
    if migrate:
        _bring_up_to_date()


def _bring_up_to_date() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
