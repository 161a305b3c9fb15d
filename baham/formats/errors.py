"""The one error that reading a file may end in."""

from pathlib import Path

from baham.kernel.text import visible

_LONGEST = 300
_LINE_ENDS = dict.fromkeys(map(ord, "\n\t\u2028\u2029"), " ")


class BadInput(Exception):
    """A file, or one place in it, cannot be read. As text it is one clear line: `FILE, line N, field F: problem`.

    `line` counts from 1 and is None where there is none to name; `field` is a column, an element or a JSON path.
    """

    def __init__(self, file: Path | str, problem: str, line: int | None = None, field: str | None = None) -> None:
        super().__init__(file, problem, line, field)
        self.file = file
        self.problem = problem
        self.line = line
        self.field = field

    def __str__(self) -> str:
        place = str(self.file)
        if self.line is not None:
            place += f", line {self.line}"
        if self.field is not None:
            place += f", field {shown(self.field, 80)}"
        return f"{shown(place, _LONGEST * 2)}: {shown(self.problem, _LONGEST)}"


def shown(value: str, longest: int = 60) -> str:
    """A value from a file as it may stand in an error: one line, hidden characters written out, not too long."""
    # Cut before anything else: the value may be a megabyte, and the reader of the error needs its beginning only.
    cut = value if len(value) <= longest else value[: longest - 1] + "…"
    # Every other line end, and a lone surrogate, is written out by visible().
    return visible(cut.translate(_LINE_ENDS))
