"""The one door through which a command comes to Django, so that a command that does not need it never pays for it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from baham.platform.environment import BadSetting


class CannotStart(Exception):
    """Nothing can be done with this home. The text is one line that says what to mend."""


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


@contextmanager
def or_one_line() -> Iterator[None]:
    """For processes that are no command: end with exit code 2 and one line where a command would."""
    try:
        yield
    except (BadSetting, CannotStart) as error:
        sys.stderr.write(f"baham: {error}\n")
        raise SystemExit(2) from error


def _bring_up_to_date() -> None:
    """Raises CannotStart where a later version has changed the tables: this one would not know what they mean."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    ours = {app for app, _name in executor.loader.graph.nodes}
    later = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in executor.loader.graph.nodes
    )
    if later:
        raise CannotStart(f"the database is of a later version of Baham (it has {later[0]}): use that version")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
