"""The list of formats is the registry, and importing it is cheap."""

import subprocess
import sys

from baham.formats import FORMATS, by_name


def test_names_are_what_the_command_line_takes():
    assert [found.name for found in FORMATS] == [
        "un_xml",
        "eu_fsf_xml",
        "eu_csv",
        "targets_simple",
        "ofac_csv",
        "stix",
        "ftm_json",
        "ftm_statements",
        "csv_mapping",
    ]
    assert all(by_name(found.name) is found and found.title and found.suffixes for found in FORMATS)


def test_what_only_one_format_needs_is_loaded_by_that_format():
    code = "import sys, baham.formats; sys.exit(any(n.split('.')[0] in ('defusedxml', 'django') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
