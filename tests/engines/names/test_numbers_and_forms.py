"""Names of bodies: what numbers, letters, codes and legal forms say; and abbreviations in names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.engines.names import DEFAULT_THRESHOLD, NameIndex, Query, Subject, compare, forms, numbers
from baham.engines.names.normalise import tokenise
from baham.engines.names.numbers import in_digits

_PIECES = [
    "private",
    "limited",
    "ltd",
    "cong ty",
    "tnhh",
    "sherkate",
    "sahami",
    "khass",
    "s",
    "a",
    "en c",
    "pt",
    "c",
    ".",
    "/",
    " ",
    "ag",
    "lantern",
]
_WORDS = [
    "unit",
    "number",
    "no",
    "twenty",
    "second",
    "and",
    "hundred",
    "xi",
    "v",
    "mix",
    "7",
    "007",
    "22nd",
    "tr55",
    "st",
    "lantern",
    "نمبر",
    "بیس",
    "وعشرون",
    "الثانية",
    "fund",
    "din",
    "von",
]


def alike(a: str, b: str, schema: str = "Company") -> float:
    return compare(Query(a, schema=schema), Subject("x", (b,), schema)).score


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("unit 007", "7"),
        ("unit twenty two", "22"),
        ("unit twenty second", "22"),
        ("unit 22nd", "22"),
        ("unit nine hundred and ninety nine", "999"),
        ("fund xxii", "22"),
        ("fund xi", "11"),
        ("fund v", "5"),
        ("fund cmxcix", "999"),
        ("لواء ۲۲", "22"),
        ("لواء ٢٢", "22"),
        ("اللواء الثاني والعشرون", "22"),
        ("وحدة ثلاثمئة وخمسة واربعون", "345"),
        ("وحدة خمسة عشر", "15"),
        ("وحدة تسعمائة وتسعة وتسعين", "999"),
        ("یونٹ بائیس", "22"),
        ("یونٹ بائیسواں", "22"),
        ("یونٹ تین سو پینتالیس", "345"),
        ("یونٹ نو سو ننانوے", "999"),
        ("تیپ بیست و دوم", "22"),
        ("تیپ سیصد و چهل و پنج", "345"),
        ("تیپ نهصد و نود و نه", "999"),
    ],
)
def test_a_number_is_one_however_it_is_written(written: str, number: str) -> None:
    assert [token.text for token in tokenise(written)][1:] == [number] or tokenise(written)[0].text == number


@given(st.integers(0, 999))
def test_english_and_roman_numbers_to_999(number: int) -> None:
    ones = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    rest = number % 100
    said = [ones[number // 100], "hundred"] if number >= 100 else []
    if rest or not said:
        said += [ones[rest]] if rest < 20 else [tens[rest // 10 - 2], *([ones[rest % 10]] if rest % 10 else [])]
    assert in_digits(["unit", *said], True) == ["unit", str(number)]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_no_words_are_too_strange_for_numbers(words: list[str]) -> None:
    kept = [word for word in words if word.isalnum()]
    assert isinstance(in_digits(kept, True), list)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Depot 70114", "Depot No. 70,114"),
        ("Talvar Fund XXI", "Talvar Fund 21"),
        ("Torkan Brigade 31", "Thirty-First Torkan Brigade"),
        ("لواء تورکان ٣١", "اللواء الحادي والثلاثون تورکان"),
        ("K V 7 Marine", "KV-7 Marine"),
        ("K.V.7 Marine", "KV7 Marine"),
        ("XII Torkan Brigade", "12th Torkan Brigade"),
        ("VI Brigade", "6th Brigade"),
        ("Talvar Fund LIV", "Talvar Fund 54"),
        ("Talvar Fund CI", "Talvar Fund 101"),
        ("Depot 70 114", "Depot 70114"),
        ("Depot 7.114", "Depot 7114"),
        ("Depot Seven Zero Four", "Depot 704"),
        ("شپږم کنډک تورکان", "6th کنډک تورکان"),
        ("څلورم کنډک تورکان", "4th کنډک تورکان"),
    ],
)
def test_equal_numbers_agree(one: str, other: str) -> None:
    assert alike(one, other) >= DEFAULT_THRESHOLD
    assert alike(other, one) == pytest.approx(alike(one, other), abs=1e-9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Depot 70114", "Depot 70141"),
        ("Talvar Fund XXI", "Talvar Fund XXII"),
        ("Torkan Brigade 31", "Torkan Brigade 32"),
        ("لواء تورکان ٣١", "لواء تورکان ٣٢"),
        ("یونٹ بائیس تورکان", "یونٹ تئیس تورکان"),
        ("KV-7 Marine", "KV-8 Marine"),
        ("C Talvar Mining Company", "D Talvar Mining Company"),
        ("Talvar Series H Holdings", "Talvar Series J Holdings"),
        ("Q V N Company", "Z T L Company"),
        ("Central Bank of Talvar", "Central Bank of Mirwand"),
        ("United Steel Works", "United Paper Works"),
        ("Talvar Fund LIV", "Talvar Fund LVI"),
        ("V Talvar Fund", "VI Talvar Fund"),
        ("Northern Bank", "Southern Bank"),
        ("K.L.B. Torkan", "K.L.D. Torkan"),
        ("ZRV Marine Services", "ZRW Marine Services"),
        ("Morlin Textile Mills", "Torlin Textile Mills"),
        ("شپږم کنډک تورکان", "اوم کنډک تورکان"),
    ],
)
def test_one_number_or_letter_is_a_difference_and_ordinary_words_are_no_agreement(one: str, other: str) -> None:
    assert alike(one, other) < DEFAULT_THRESHOLD


@pytest.mark.parametrize("code", ["T-L-K Company", "T.L.K. Company", "T L K Company", "TLK Company", "Company T.L.K"])
def test_a_code_is_one_however_its_letters_are_parted(code: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    listed = [Subject("1", ("TLK Company",), "Company"), Subject("2", ("Talvar Company",), "Company")]
    index = NameIndex.build(listed, tmp_path_factory.mktemp("codes") / "index")
    assert [hit.id for hit in index.screen([Query(code, schema="Company")])[0]] == ["1"]


def test_initials_of_a_person_stay_initials() -> None:
    assert [t.text for t in tokenise("Z. K. Talbandzai")] == ["z", "k", "talbandzai"]
    assert alike("Z. K. Talbandzai", "Zarghun Khalil Talbandzai", "Person") >= DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    "company",
    [
        "شركة {} المحدودة",
        "شركة {} ذ.م.م",
        "شرکت {} (با مسئولیت محدود)",
        "شرکت سهامی خاص {}",
        "{} پرائیویٹ لمیٹڈ",
        "{} کمپنی لمیٹڈ",
        "{} لمیټډ",
        "مؤسسة {}",
        "شرکت{}",
        "{}کمپنی",
    ],
)
def test_legal_forms_of_the_arabic_script_are_no_names(company: str) -> None:
    assert alike("تلبندک", company.format("تلبندک")) >= DEFAULT_THRESHOLD
    assert alike(company.format("تلبندک"), company.format("زرغونه")) < DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    "company",
    [
        "UAB {}",
        "SIA {}",
        "PT {} Tbk",
        "S.C. {} S.R.L.",
        "ООО «{}»",
        "ТОО {}",
        "{} OÜ",
        "{} A.Ş.",
        "AS {}",
        "{} d.o.o.",
        "{}Ltd",
        "{}GmbH",
        "{} GmbH & Co. KG",
        "{} AG & Co. KGaA",
        "{} San. ve Tic. A.Ş.",
        "Messrs {}",
        "M/s {}",
        "میسرز {}",
        "{} لمیتید",
        "{} UG (haftungsbeschränkt) & Co. KG",
        "{} (Pvt.) Limited",
        "Công ty TNHH {}",
        "{}有限公司",
        "株式会社{}",
        "주식회사 {}",
        "บริษัท {} จำกัด",
        "{} प्राइवेट लिमिटेड",
        '{} בע"מ',
        "{} Co., Ltd",
        "{} S.A.L.",
        "{} S.A.E.",
        "Torgovy Dom {}",
        "Торговый дом {}",
        "{} Şirketler Grubu",
        "{} Anonim Şirketi",
        "شركة {} الفردية",
    ],
)
def test_legal_forms_of_every_script_are_no_names(company: str) -> None:
    assert alike("Talvarka", company.format("Talvarka")) >= DEFAULT_THRESHOLD
    assert alike(company.format("Talvarka"), company.format("Mirwandes")) < DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Md. Talband", "Muhammad Talband"),
        ("MHD Talband", "Mohammed Talband"),
        ("Muhd. Talband", "محمد تلبند"),
        ("Ch. Zarghun Talband", "Chaudhry Zarghun Talband"),
        ("Sd. Zarghun Talband", "Syed Zarghun Talband"),
        ("S. Zarghun Talband", "Syed Zarghun Talband"),
        ("Gh. Zarghun Talband", "Ghulam Zarghun Talband"),
        ("Ab. Karim Talband", "Abdul Karim Talband"),
        ("Hj. Zarghun Talband", "Haji Zarghun Talband"),
        ("Sh. Zarghun Talband", "Zarghun Talband"),
        ("Mst. Zarghuna Talband", "Zarghuna Talband"),
        ("Zarghun s/o Torak Talband", "Zarghun Torak Talband"),
    ],
)
def test_an_abbreviation_is_what_it_abbreviates(short: str, full: str) -> None:
    assert alike(short, full, "Person") >= DEFAULT_THRESHOLD


def test_an_abbreviation_carries_a_doubt_and_is_no_other_name() -> None:
    assert alike("Md. Talband", "Muhammad Talband", "Person") < alike("Mohamad Talband", "Muhammad Talband", "Person")
    assert alike("Md. Talband", "Mahmud Talband", "Person") < DEFAULT_THRESHOLD
    assert alike("Ch. Talband", "Chaman Talband", "Person") < DEFAULT_THRESHOLD


@pytest.mark.parametrize(("name", "other"), [("Abdul Wahid Talband", "عبد الواحد تلبند"), ("Xi Talvar", "习 Talvar")])
def test_names_that_are_spelled_as_numbers_stay_names(name: str, other: str) -> None:
    assert alike(name, other, "Person") >= DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Tarvel Foundation", "Bonyad-e Tarvel"),
        ("Sherkat-e Sanaye Tarvel", "Tarvel Industries Company"),
        ("Tarvel Trading Company", "شرکت تجارت تارول"),
        ("Banco Nacional de Tarvelia", "National Bank of Tarvelia"),
        ("Zavod Tarvelmash", "Tarvelmash Factory"),
        ("Iranian Tarvel Company", "Iran Tarvel Co."),
        ("Saraya al-Tarvel", "Tarvel Brigades"),
    ],
)
def test_usual_words_of_several_languages_are_one(asked: str, listed: str) -> None:
    assert alike(asked, listed) >= DEFAULT_THRESHOLD
    assert alike(listed, asked) == alike(asked, listed)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("ZMTK S.A.", "Zona Mineral Tarvel Kordan S.A."),
        ("ZMTK Air Force", "Zealous Mountain Tarvel Kommando Air Force"),
        ("ZMTK Company", "Zonal Marketing of Tarvel and Kordan Company"),
    ],
)
def test_an_acronym_meets_the_words_it_is_of(asked: str, listed: str) -> None:
    assert alike(asked, listed) > 10 * alike("QWNB" + asked[4:], listed)
    assert alike(listed, asked) == pytest.approx(alike(asked, listed))
    evidence = compare(Query(asked, schema="Company"), Subject("x", (listed,), "Company")).evidence[0]
    assert sum(part[0] == "zmtk" and part[2] > 0 for part in evidence.alignment) >= 4


def test_an_acronym_finds_the_words_it_is_of(tmp_path) -> None:  # type: ignore[no-untyped-def]
    listed = [
        Subject("long", ("Zona Mineral Tarvel Kordan S.A.",), "Company"),
        Subject("short", ("QRVL Ltd",), "Company"),
    ]
    index = NameIndex.build(listed, tmp_path / "index")
    asked = [Query(n, schema="Company") for n in ("ZMTK SA", "Quarry Roads of Verlan Limited")]
    found = index.screen(asked, threshold=0.0)
    assert [hit.id for hit in found[0]][:1] == ["long"]
    assert all(
        hit.score == compare(q, s).score for q, s, hits in zip(asked, listed, found, strict=True) for hit in hits
    )


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Tarvel Services (Spain) Ltd", "Tarvel Services (Norway) Ltd"),
        ("Tarvel Capital Partners", "Tarvel Capital Partners IV"),
        ("Trading Bank of Kenya", "Trading Bank of Peru"),
    ],
)
def test_two_places_and_a_number_on_one_side_speak_against(asked: str, listed: str) -> None:
    assert alike(asked, listed) < DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    "written",
    [
        "Tarvelon S. de R.L. de C.V.",
        "Tarvelon S.A.S.",
        "Tarvelon y Cia. S. en C.",
        "Tarvelon GmbH and Co. KG",
        "Tarvelon E.U.",
        "Sherkat Sahami Khass Tarvelon",
        "Tarvelon Firm",
        "Tarvelon Europe Sp. z o.o.",
    ],
)
def test_the_brand_is_found_beside_forms_of_more_countries(written: str) -> None:
    assert alike("Tarvelon", written) >= DEFAULT_THRESHOLD


def test_a_chinese_sound_in_two_romanisations() -> None:
    assert compare(Query("Xi Dongmei"), Subject("x", ("Hsi Dongmei",))).score >= DEFAULT_THRESHOLD


def test_a_short_word_written_together_with_its_neighbour() -> None:
    assert alike("Buali Tarvel Petrochemical", "Bu Ali Tarvel Petrochemical") >= DEFAULT_THRESHOLD


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_looking_for_a_sign_of_a_phrase_first_passes_over_none(text):
    assert forms.without_phrases(text) == forms._PHRASES.sub(" ltd ", text)


@given(st.lists(st.sampled_from(_WORDS), min_size=2, max_size=6), st.booleans())
def test_a_name_without_a_word_of_a_number_is_the_same_as_if_each_word_were_tried(words, body):
    quick = in_digits(words, body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_may_count", lambda _word: True)
        assert in_digits(words, body) == quick


@pytest.mark.parametrize(("number", "same"), [("30683", True), ("30684", False)])
@pytest.mark.parametrize("written", ["В/ч {}", "Military Unit {}", "войсковая часть № {}"])
def test_a_military_unit_is_its_number_in_either_language(written: str, number: str, same: bool) -> None:
    assert (alike(written.format(number), "Войсковая часть 30683") >= DEFAULT_THRESHOLD) == same


def test_a_legal_form_in_other_letters_behind_a_name_is_no_name() -> None:
    assert alike("ФонариксGmbH", "Фонарикс") > 0.8
