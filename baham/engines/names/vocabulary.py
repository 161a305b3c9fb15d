"""The list's distinct tokens, numbered as they come."""

from .normalise import Token
from .table import Tokens


class VocabularyBuilder:
    """Numbers tokens: a token is one by its keys, script, kind and known name, whatever its spelling was."""

    def __init__(self) -> None:
        self._place: dict[tuple[str, str, bool, int], int] = {}
        self._tokens: list[Token] = []

    def number(self, token: Token) -> int:
        place = self._place.setdefault((token.key, token.skeleton, token.arabic, token.kind), len(self._tokens))
        if place == len(self._tokens):
            self._tokens.append(token)
        return place

    def tokens(self) -> Tokens:
        return Tokens.of(self._tokens)
