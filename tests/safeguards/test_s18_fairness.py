"""S-18: false alarms are counted by group, and no group bears more than twice the overall rate."""

import json
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from baham.engines.fairness import DIMENSIONS, MOST, Report, draw, measure, population
from baham.engines.names import DEFAULT_THRESHOLD


@pytest.fixture(scope="module")
def report() -> Report:
    return measure()


def small():
    return population(lists=2, listed=10, ways=1, strangers=60)


def test_no_group_bears_more_than_twice_the_overall_rate(report):
    assert report.problems() == []
    assert max(map(report.ratio, report.groups)) <= MOST


def test_every_group_is_there_at_five_thresholds_and_measured_well_enough(report):
    assert {(g.dimension, g.name) for g in report.groups} == {(d, n) for d, names in DIMENSIONS.items() for n in names}
    assert len(report.thresholds) == 5 and report.operating == pytest.approx(DEFAULT_THRESHOLD)
    overall = report.everybody.operating(report.operating)
    # A rate of nothing would pass any limit: the made-up world must alarm now and then, and find whom it should.
    assert overall.false.count >= 150 and overall.found.value >= 0.8
    for group in report.groups:
        low, high = report.ratio_interval(group)
        assert group.operating(report.operating).false.n >= 3500 and high - low < 1.0, group.name


@pytest.mark.parametrize(
    ("dimension", "name"),
    [("naming tradition", "Pashtun"), ("script", "Arabic"), ("how common the name is", "10 of 10")],
)
def test_the_gate_goes_red_where_a_group_is_treated_worse(dimension, name):
    made = small()
    worse = {
        one.name
        for turn in made.rounds
        for one in turn.asked
        if name in (one.tradition, one.script, one.decile) and not one.answer
    }

    def rigged(listed, names, least):
        return [[("made-up-0", 0.99 if asked in worse else 0.1)] for asked in names]

    report = measure(made, rigged)
    assert any(line.startswith(f"{dimension}, {name}: ") for line in report.problems())
    assert "OVER" in draw(report)


def test_the_gate_goes_red_where_nobody_is_found_or_a_group_is_missing():
    assert "silence is not fairness" in " ".join(
        measure(small(), lambda listed, names, least: [[]] * len(names)).problems()
    )
    whole = measure(small())
    without = Report(whole.everybody, whole.groups[1:], whole.thresholds, whole.listed)
    assert any("nobody was measured" in line for line in without.problems())


def test_the_label_of_a_tradition_never_reaches_the_scorer():
    seen = []

    def watching(listed, names, least):
        seen.append((listed, names))
        return [[]] * len(names)

    measure(small(), watching)
    labels = set(DIMENSIONS["naming tradition"]) | set(DIMENSIONS["gender"])
    for listed, names in seen:
        assert all(set(map(type, (*subject.names, subject.id))) == {str} for subject in listed)
        assert not any(
            label in text for label in labels for subject in listed for text in (*subject.names, *names[:50])
        )


def test_the_same_seed_gives_the_same_world():
    assert small() == small()
    assert small() != population(seed=2, lists=2, listed=10, ways=1, strangers=60)


def test_the_command_prints_draws_and_says_by_its_exit_code(tmp_path, monkeypatch, report):
    from baham.cli import screening
    from baham.engines import fairness

    monkeypatch.setattr(fairness, "measure", lambda: report)
    done = CliRunner().invoke(screening.app, ["fairness", "--out", str(tmp_path / "deep" / "report"), "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads((tmp_path / "deep" / "report" / "fairness.json").read_text())
    assert len(figures["groups"]) == 1 + len(report.groups) and figures["problems"] == []
    assert "no group bears more than 2 times" in (tmp_path / "deep" / "report" / "fairness.txt").read_text()
    picture = ElementTree.parse(tmp_path / "deep" / "report" / "fairness.svg").getroot()
    shown = " ".join(picture.itertext())
    assert all(group.name in shown for group in report.groups)

    bad = measure(small(), lambda listed, names, least: [[]] * len(names))
    monkeypatch.setattr(fairness, "measure", lambda: bad)
    done = CliRunner().invoke(screening.app, ["fairness"])
    assert done.exit_code == 1 and "FAIL  " in done.output


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path):
    from baham.cli import screening

    (tmp_path / "file").write_text("in the way")
    done = CliRunner().invoke(screening.app, ["fairness", "--out", str(tmp_path / "file" / "report")])
    assert done.exit_code == 2
    assert done.output.startswith("baham: --out ") and done.output.count("\n") == 1
