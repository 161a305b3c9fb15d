"""Whatever the bytes: a file is read, or refused with BadInput. Nothing else comes out, and nothing hangs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.formats import FORMATS, BadInput, by_name, detect
from tests.formats.conftest import ADD, ALT, FILES

NAMES = [found.name for found in FORMATS]
BOUNDED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = st.sampled_from(
    [
        b"\x00",
        b"\xff",
        b'"',
        b";",
        b",",
        b"\n",
        b"\r",
        b"<",
        b">",
        b"&#0;",
        b"&#x1F;",
        b"]]>",
        b"{",
        b"[",
        b"\x1a",
        b"\\ud800",
        b"null",
        b"0000-00-00",
        b"99999999999999999999",
        "\u202e".encode(),
        b" " * 3000,
        b"((((",
        b"1;" * 900,
    ]
)


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """A valid file after a few cuts, doublings and insertions."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.integers(0, 80)))
        what = draw(st.sampled_from(["cut", "double", "insert", "truncate"]))
        if what == "cut":
            content = content[:at] + content[to:]
        elif what == "double":
            content = content[:to] + content[at:]
        elif what == "insert":
            content = content[:at] + draw(PIECES) + content[at:]
        else:
            content = content[: max(at, 1)]
    return content


def survive(name: str, path: Path) -> None:
    for attempt in (
        lambda: detect(path),
        lambda: by_name(name).info(path),
        lambda: [list(entity) for entity in by_name(name).read(path, "test")],
    ):
        try:
            attempt()
        except BadInput as error:
            assert len(str(error).splitlines()) == 1
            assert len(str(error)) < 1500


@pytest.mark.parametrize("name", NAMES)
@BOUNDED
@given(data=st.data())
def test_a_damaged_file(name, data, tmp_path):
    path = tmp_path / FILES[name][0]
    path.write_bytes(data.draw(mutated(FILES[name][1].encode())))
    if name == "ofac_csv":
        path.with_name("alt.csv").write_bytes(data.draw(st.one_of(st.just(ALT.encode()), mutated(ALT.encode()))))
        path.with_name("add.csv").write_bytes(data.draw(st.one_of(st.just(ADD.encode()), mutated(ADD.encode()))))
    survive(name, path)


@pytest.mark.parametrize("name", NAMES)
@BOUNDED
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
def test_any_bytes(name, content, tmp_path):
    path = tmp_path / "any"
    path.write_bytes(content)
    survive(name, path)


@BOUNDED
@given(text=st.text(alphabet="0123456789 abcDOBPassportissued.()'\";:-", max_size=400))
def test_any_remark(text):
    from baham.formats.ofac_remarks import parse

    assert all(found.value and found.prop for found in parse(text))
