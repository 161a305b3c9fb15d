"""Who this installation is to others: an id, a name, a key to sign with and a key to be written to.

Made once, in `keys/` of BAHAM_HOME, readable by its owner alone. Partners pin the two public keys.
"""

import base64
import json
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from baham.formats.dsse import key_id


@dataclass(frozen=True)
class Identity:
    """This installation as a party. `folder` holds its keys."""

    party: str
    name: str
    folder: Path

    @cached_property
    def signing_key(self) -> Ed25519PrivateKey:
        raw = _kept(self.folder / "sign.key", lambda: Ed25519PrivateKey.generate().private_bytes_raw())
        return Ed25519PrivateKey.from_private_bytes(raw)

    @property
    def public(self) -> bytes:
        """The public key that our signatures are checked with, 32 bytes."""
        return self.signing_key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        return key_id(self.public)

    @cached_property
    def age_secret(self) -> str:
        """The age identity (`AGE-SECRET-KEY-1…`) that opens what is encrypted to us."""
        from pyrage import x25519

        return _kept(self.folder / "age.key", lambda: str(x25519.Identity.generate()).encode()).decode()

    @cached_property
    def age_recipient(self) -> str:
        """The age recipient (`age1…`) to whom others encrypt for us."""
        from pyrage import x25519

        return str(x25519.Identity.from_str(self.age_secret).to_public())

    def card(self) -> dict[str, str]:
        """What a partner is given to know us by, over a way that both trust."""
        return {
            "party": self.party,
            "name": self.name,
            "sign": base64.b64encode(self.public).decode(),
            "encrypt": self.age_recipient,
        }


def ours() -> Identity:
    """The identity of this installation; made with the first call. Asked for with each claim that leaves, so that it
    costs one look at the file."""
    path = f"{settings.HOME}/keys/party.json"
    try:
        stamp = os.stat(path)  # noqa: PTH116 (half the time of Path.stat)
    except FileNotFoundError:
        made = lambda: json.dumps({"party": str(uuid.uuid4()), "name": settings.PARTY_NAME}).encode()  # noqa: E731
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _kept(Path(path), made)
        stamp = os.stat(path)  # noqa: PTH116 (half the time of Path.stat)
    return _identity(path, stamp.st_mtime_ns, stamp.st_ino)


@lru_cache(maxsize=4)
def _identity(path: str, _changed: int, _file: int) -> Identity:
    """One identity for one file, so that its keys are read once and not for each signature."""
    card = json.loads(Path(path).read_bytes())
    return Identity(card["party"], card["name"], Path(path).parent)


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What is in the file; made and written whole, once, by whichever process comes first."""
    if not path.exists():
        new = path.with_name(f"{path.name}.{os.getpid()}.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)
        except FileExistsError:
            pass  # another process was first
        finally:
            new.unlink()
    return path.read_bytes()
