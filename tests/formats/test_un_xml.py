"""The United Nations list: every value with where it stood."""

from baham.formats import by_name
from tests.formats.conftest import UN, read, said


def test_label_is_the_lists_own_date(given):
    assert by_name("un_xml").info(given(UN)).label == "2031-01-02T03:04:05Z"


def test_a_person(given):
    person, guild = read("un_xml", given(UN))
    assert (person.id, person.schema, person.dataset) == ("un-900001", "Person", "test")
    assert person.values("name") == ["ZARTOK VELMUR OF QUELL", "زرتوک ولمور"]
    full, original = said(person, "name")
    assert str(full.place) == "TLi.001, FIRST_NAME SECOND_NAME FOURTH_NAME"
    assert original.place.field == "NAME_ORIGINAL_SCRIPT[1]"
    assert original.lang is None
    (alias,) = said(person, "alias")
    assert (alias.value, alias.quality) == ("Zartuk Vilmoor", "Good")
    (weak,) = said(person, "weakAlias")
    assert (weak.value, weak.quality, weak.place.field) == ("The Ferryman", "Low", "INDIVIDUAL_ALIAS[2]/ALIAS_NAME")
    assert person.values("nationality") == ["Testland", "Quell"]
    assert said(person, "nationality")[1].place.field == "NATIONALITY/VALUE[2]"
    assert person.values("position") == ["Keeper of keys", "Ferryman"]
    assert person.values("title") == ["Dr."]
    assert person.values("gender") == ["Male"]
    assert person.values("program") == ["Testland"]
    assert person.values("unscId") == ["TLi.001"]
    assert person.values("listingDate") == ["2030-05-06"]
    assert person.values("modifiedAt") == ["2030-07-01"]


def test_dates_as_far_as_they_can_be_read(given):
    person, _ = read("un_xml", given(UN))
    assert [(one.value, one.flags, one.quality) for one in said(person, "birthDate")] == [
        ("1968", ("partial",), ""),
        ("1970", ("approximate",), "APPROXIMATELY"),
        ("1966/1969", ("interval",), "BETWEEN"),
        ("1971-11", (), "EXACT"),
    ]
    assert "20-25 years old" in person.values("notes")


def test_places_and_documents(given):
    person, _ = read("un_xml", given(UN))
    # A country alone is no address.
    assert person.values("address") == ["1 Lock Lane, Ost, Quell"]
    assert person.values("country") == ["Testland", "Quell"]
    assert person.values("birthPlace") == ["Ost, Quell", "Ost, Testland"]
    (passport,) = said(person, "passportNumber")
    assert (passport.value, passport.original_value) == ("QX778899", "Quell passport number QX778899")
    assert passport.place.field == "INDIVIDUAL_DOCUMENT[1]/NUMBER"
    assert person.values("idNumber") == ["55-66-77"]
    assert person.values("identification")[0] == "Passport, Quell passport number QX778899, Quell, 2028-01-01"


def test_what_is_odd_is_kept_and_flagged(given):
    person, _ = read("un_xml", given(UN))
    odd = said(person, "notes")[1]
    assert odd.value == "=cmd|' /C calc'!A0"
    assert odd.flags == ("formula",)


def test_a_group(given):
    _, guild = read("un_xml", given(UN))
    assert (guild.id, guild.schema) == ("un-900002", "Organization")
    assert guild.values("alias") == ["The Lanterns"]
    (former,) = said(guild, "previousName")
    assert (former.value, former.quality) == ("Candle Guild", "f.k.a.")
    assert guild.values("address") == ["Ost, Testland"]


def test_a_remark_makes_a_birth_approximate_and_an_end_may_be_in_a_value(given):
    text = UN.replace(
        "<INDIVIDUAL_DATE_OF_BIRTH><NOTE>20-25 years old</NOTE>",
        "<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1973</YEAR><NOTE>approximately</NOTE>",
    ).replace("<LISTED_ON>", "<DELISTED_ON><VALUE>2031-01-01</VALUE></DELISTED_ON><LISTED_ON>")
    first = read("un_xml", given(text))[0]
    (born,) = [one for one in said(first, "birthDate") if one.value == "1973"]
    assert "approximate" in born.flags and "approximately" in first.values("notes")
    assert first.values("endDate") == ["2031-01-01"]
