"""Publishers whose lists Baham fetches by itself: `baham sources update NAME`. A plain list is the registry."""

from dataclasses import dataclass

from baham.kernel.dataset import Source

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Publisher:
    """Where a source is published, in which files, and how large they may be.

    `files` are (address, file name); the first is the list itself, the rest lie beside it and are read with it.
    """

    source: Source
    files: tuple[tuple[str, str], ...]
    largest: int = 200 * _MEGABYTE
    timeout: float = 60.0


PUBLISHERS = [
    Publisher(
        Source(
            "un",
            "UN Security Council Consolidated List",
            "United Nations Security Council",
            "un_xml",
            "public; terms of use of the United Nations web site",
            "Office of the Ombudsperson (ISIL and Al-Qaida list), else the Focal Point for De-listing",
        ),
        (("https://scsanctions.un.org/resources/xml/en/consolidated.xml", "consolidated.xml"),),
    ),
    Publisher(
        Source(
            "eu",
            "EU consolidated list of financial sanctions",
            "European Union",
            "eu_fsf_xml",
            "reuse permitted, Decision 2011/833/EU",
            "request to the Council of the EU; action before the General Court",
        ),
        (
            (
                "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
                "fsf.xml",
            ),
        ),
    ),
    Publisher(
        Source(
            "ofac",
            "OFAC Specially Designated Nationals",
            "US Department of the Treasury, OFAC",
            "ofac_csv",
            "public domain",
            "petition for removal under 31 CFR 501.807",
        ),
        (
            ("https://www.treasury.gov/ofac/downloads/sdn.csv", "sdn.csv"),
            ("https://www.treasury.gov/ofac/downloads/alt.csv", "alt.csv"),
            ("https://www.treasury.gov/ofac/downloads/add.csv", "add.csv"),
        ),
    ),
]
BY_NAME = {publisher.source.name: publisher for publisher in PUBLISHERS}
