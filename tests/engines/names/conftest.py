"""A small fictional list: no name here is that of a real listed person."""

from pathlib import Path

import pytest

from baham.engines.names import NameIndex, Subject

LIST = (
    Subject(
        "s1",
        ("Zarghun Talband", "Haji Zarghun Talbandzai"),
        birth_dates=("1968",),
        countries=("af",),
        identifiers=("P-4410 2277",),
        father_names=("Torak Shinwar",),
        addresses=("Spin Ghundi village, Kohdaman",),
    ),
    Subject("s2", ("Gul Agha Mirwandi",), birth_dates=("1971-05-03", "1974")),
    Subject("s3", ("Muhammad Khan",), birth_dates=("1980",)),
    Subject("s4", ("ښایسته ډېوه خټکی",)),
    Subject("s5", ("Blue Lantern Trading Company",), schema="Company"),
    Subject("s6", ("Varpo Quilstane",), weak_names=("Old Moth",)),
    Subject("s7", ("Muhammad Khan",), birth_dates=("1955",)),
    Subject("s8", ()),
    Subject("s9", ("!!!", "")),
    Subject("s10", ("Dost Varengal Kharoti", "دوست ورنګال خروټی"), birth_dates=("1960/1963",)),
)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    path: Path = tmp_path_factory.mktemp("names") / "index"
    return NameIndex.build(LIST, path)
