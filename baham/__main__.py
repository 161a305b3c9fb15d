"""`python -m baham` is `baham`."""

from baham.cli.main import app

app()
