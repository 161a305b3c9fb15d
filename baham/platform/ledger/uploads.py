"""Uploaded files, kept in a private place until a job has read them."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings


def keep(upload: Any) -> Path:
    """Write an upload to a file of our own naming; of the name it came with only the ending is used."""
    folder = Path(settings.HOME) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    suffix = "".join(char for char in Path(upload.name).suffix if char.isalnum() or char == ".")[:8]
    with tempfile.NamedTemporaryFile(dir=folder, suffix=suffix, delete=False) as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return Path(file.name)
