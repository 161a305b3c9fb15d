"""The European Union's tables: several values in a field, and ids where the file has none."""

from tests.formats.conftest import EU, read, said


def test_a_row(given):
    person, guild = read("eu_csv", given(EU))
    assert (person.schema, guild.schema) == ("Person", "LegalEntity")
    assert person.values("name") == ["Belmur Ostrand"]
    assert person.values("alias") == ["Bel Mur", "بلمور"]
    assert person.values("weakAlias") == ["Bel"]
    assert person.values("previousName") == ["Belmar"]
    assert person.values("listingDate") == ["2031-10-06"]
    assert person.values("program") == ["EU-TEST"]
    assert person.values("birthPlace") == ["Ost, Quell", "Nord, Quell"]
    assert str(said(person, "alias")[0].place) == "line 2, alias"


def test_dates_are_day_first_and_may_be_several(given):
    person, _ = read("eu_csv", given(EU))
    assert [(one.value, one.flags) for one in said(person, "birthDate")] == [
        ("1970-01-06", ("several",)),
        ("1971", ("approximate", "several")),
    ]
    assert said(person, "birthDate")[0].original_value == "6.1.1970; circa 1971"


def test_a_mark_in_quotes_or_in_prose_separates_nothing(given):
    person, _ = read("eu_csv", given(EU))
    assert person.values("address") == ["(a) 1 Lock Lane; (b) 2 Lock Lane", "Nord, Quell"]
    assert person.values("notes") == ["One note; not two"]
    assert person.values("reason") == ["Because; of this"]


def test_the_number_is_taken_out_of_its_remark(given):
    (passport,) = said(read("eu_csv", given(EU))[0], "passportNumber")
    assert passport.value == "QX1234567"
    assert passport.original_value == "QX1234567 (Quell passport, expired (twice))"


def test_a_special_category_is_left_out_and_counted(given):
    person, _ = read("eu_csv", given(EU))
    assert person.left_out == 1
    assert all("Ostish" not in statement.value for statement in person)


def test_ids_hold_whatever_the_order_and_the_other_columns(given):
    header, first, second, _ = EU.split("\n")
    ids = {entity.id for entity in read("eu_csv", given(EU))}
    turned = given("\n".join([header, second, first.replace("One note", "A note"), ""]))
    assert {entity.id for entity in read("eu_csv", turned)} == ids
    assert all(one.startswith("eu-") and len(one) == 19 for one in ids)


def test_two_rows_of_one_key_stay_apart_whatever_their_order(given):
    header, first, second, _ = EU.split("\n")
    other = second.replace(",II,", ",III,")
    ids = [entity.id for entity in read("eu_csv", given("\n".join([header, second, other, first, ""])))]
    turned = [entity.id for entity in read("eu_csv", given("\n".join([header, first, other, second, ""])))]
    assert len(set(ids)) == 3
    assert set(ids) == set(turned)
