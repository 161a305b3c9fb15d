"""The script of the review room: who asked what about whom, when, and what was decided and why."""

from dataclasses import dataclass
from datetime import datetime

from baham.demo.staff import HOME_DEPARTMENT
from baham.platform.world.history import Calendar


@dataclass(frozen=True, slots=True)
class When:
    """A time seen from the preparation: minutes ago, or a time of day so many days ago. Negative is still to come."""

    ago: float
    hour: str = ""

    def on(self, calendar: Calendar) -> datetime:
        return calendar.at(int(self.ago), self.hour) if self.hour else calendar.minutes(self.ago)


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature."""

    by: str
    when: When
    choice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a desk asked about somebody, and the entry that the engine's hit is on."""

    title: str
    by: str
    case: str
    dataset: str
    key: str
    query: dict[str, str]
    asked: When
    due: When
    signed: tuple[Signed, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one."""

    title: str
    by: str
    asker: str
    entity: tuple[str, str]
    other: tuple[str, str]
    asked: When
    due: When
    signed: tuple[Signed, ...] = ()


def _hours(hours: float) -> float:
    return hours * 60


QUESTIONS = (
    # Open ------------------------------------------------------------------------------------------------------
    Question(
        "Traveller at Torsang post: is this the listed Zarghun Talband?",
        "lashvar",
        "desk Torsang",
        "kohsar-desk",
        "K-0418",
        {
            "name": "Zarghun Talband",
            "birth_date": "1991-06-02",
            "father_name": "Torbaz",
            "nationality": "Sarvan",
            "id_number": "61-0982-7731",
            "address": "Torsang",
        },
        When(11),
        When(-19.9),
    ),
    Question(
        "Account holder at Daryab Commercial Bank: is this the listed Bakhtiar Korband?",
        "korband",
        "account ••4471",
        "national",
        "N-2071",
        {"name": "Bakhtiyar Korbund", "birth_date": "1974-02-11", "father_name": "Sohrab", "nationality": "Sarvan"},
        When(3, "10:12"),
        When(1, "12:00"),
    ),
    Question(
        "Payee of a transfer to Nilkot: is this the listed Sikandar Nilgari?",
        "korband",
        "payment 88213",
        "national",
        "N-2098",
        {
            "name": "Sikander Neelgari",
            "birth_date": "1970",
            "nationality": "Sarvan",
            "id_number": "SRV 118230",
            "address": "Nilkot",
        },
        When(_hours(20)),
        When(-1, "12:00"),
    ),
    Question(
        "تورسنگ چوکی پر مسافر: کیا یہ فہرست میں درج شہباز روداباری ہے؟",
        "lashvar",
        "desk Torsang",
        "national",
        "N-2232",
        {"name": "شہباز روداباری", "birth_date": "1967", "nationality": "Sarvan", "address": "Rudabar"},
        When(_hours(5)),
        When(-1, "09:00"),
    ),
    Question(
        "Boat at Daryab Port offered as security for a loan: is it the listed Moj-e Daryab?",
        "korband",
        "loan 5107",
        "national",
        "N-2405",
        {"name": "Mauj-e Daryab", "schema": "Vessel", "id_number": "DRB-0217"},
        When(_hours(28)),
        When(-3, "17:00"),
    ),
    Question(
        "Firm that asks for an account: is this the listed Khorvash Exchange?",
        "korband",
        "application 2291",
        "national",
        "N-2311",
        {"name": "Khurvash Exchange Rudabar", "schema": "Company", "address": "Main bazaar, Rudabar"},
        When(_hours(26)),
        When(-2, "12:00"),
    ),
    # Signed once: waits for a second person ---------------------------------------------------------------------
    Question(
        "Account opened in Lower Daryab: is this the listed Jahangir Sangvar?",
        "korband",
        "account ••0931",
        "national",
        "N-2151",
        {
            "name": "Jehangir Sangwar",
            "birth_date": "1990-11-23",
            "father_name": "Murad Dilwar",
            "id_number": "SRV 771204",
            "nationality": "Sarvan",
        },
        When(_hours(7)),
        When(-_hours(2)),
        (
            Signed(
                "halim",
                When(52),
                "same",
                "Passport number and day of birth are those of the listing; the father’s "
                "name agrees. The bank has seen the passport itself.",
            ),
        ),
    ),
    Question(
        "Traveller at Torsang post, from Varand: is this the listed Mirwais Khorvash?",
        "lashvar",
        "desk Torsang",
        "national",
        "N-2044",
        {
            "name": "Mirwais Khurvash",
            "birth_date": "1979-05-02",
            "father_name": "Gulab",
            "nationality": "Sarvan",
            "id_number": "61-2210-0932",
        },
        When(_hours(3)),
        When(-1, "08:00"),
        (Signed("noor", When(35), "same", "شناختی نمبر اور والد کا نام اندراج سے ملتے ہیں؛ کارڈ چوکی پر دیکھا گیا۔"),),
    ),
    # Decided ---------------------------------------------------------------------------------------------------
    Question(
        "Account holder in Daryab Port: is this the listed Kamran Mirvand?",
        "korband",
        "account ••2210",
        "national",
        "N-2260",
        {"name": "Kamran Meervand", "birth_date": "1961-01-17", "nationality": "Sarvan", "id_number": "71-0045-8821"},
        When(26, "10:05"),
        When(23, "12:00"),
        (
            Signed(
                "noor",
                When(25, "11:31"),
                "different",
                "Thirty-four years lie between the birth dates, and the branch named another father when asked; the "
                "account holder is a pensioner known there.",
            ),
        ),
    ),
    Question(
        "Traveller at Torsang post: is this the listed Farhad Lashvar?",
        "lashvar",
        "desk Torsang",
        "national",
        "N-2190",
        {
            "name": "Farhad Lashwar",
            "birth_date": "1998-04-11",
            "father_name": "Daler",
            "nationality": "Sarvan",
            "id_number": "61-7719-3302",
        },
        When(19, "06:41"),
        When(19, "07:11"),
        (
            Signed(
                "halim",
                When(19, "06:58"),
                "different",
                "مسافر کی پیدائش اور والد کا نام اندراج سے مختلف ہیں؛ شناختی کارڈ اصل ہے۔ یہ وہ شخص نہیں۔",
            ),
        ),
    ),
    Question(
        "Payee of rent in Markaz City: is this the listed Palwasha Tirvash?",
        "korband",
        "payment 87120",
        "national",
        "N-2119",
        {"name": "Palwasha Tirwash", "birth_date": "1983", "nationality": "Sarvan"},
        When(15, "15:20"),
        When(12, "12:00"),
        (
            Signed(
                "noor",
                When(13, "09:47"),
                "unsure",
                "Only the name and the year agree; without the father’s name nobody can say. The bank asks its "
                "customer for it and asks again.",
            ),
        ),
    ),
    Question(
        "Traveller at Torsang post: is this the listed Shahbaz Rudabari?",
        "lashvar",
        "desk Torsang",
        "national",
        "N-2231",
        {
            "name": "Shahbaz Rudabari",
            "birth_date": "1988-02-14",
            "father_name": "Qaiser",
            "nationality": "Sarvan",
            "id_number": "61-5506-1187",
        },
        When(9, "21:02"),
        When(9, "21:32"),
        (
            Signed(
                "noor",
                When(9, "21:15"),
                "same",
                "Identity number, birth date and father’s name are those of the listing; he says so himself.",
            ),
            Signed(
                "halim",
                When(9, "21:26"),
                "same",
                "شناختی نمبر، تاریخِ پیدائش اور والد کا نام تینوں ملتے ہیں؛ پہلی رائے سے اتفاق ہے۔",
            ),
        ),
    ),
    Question(
        "Parents’ payment of a school fee: is the payer the listed Naveed Barvand?",
        "korband",
        "payment 87961",
        "national",
        "N-2133",
        {"name": "Naveed Barwand", "birth_date": "1987-10-03", "nationality": "Sarvan"},
        When(6, "13:10"),
        When(4, "12:00"),
        (
            Signed(
                "halim",
                When(5, "10:22"),
                "different",
                "Nineteen years younger than the listed man, and his father is Saleem, as the school knows; nothing "
                "but the name agrees.",
            ),
        ),
    ),
    Question(
        "Nurse who crosses every week at Torsang: is this the listed Gulalai Zaravan?",
        "lashvar",
        "desk Torsang",
        "national",
        "N-2176",
        {"name": "Gulalay Zarawan", "birth_date": "1979-03-30", "nationality": "Sarvan", "address": "Torsang"},
        When(2, "05:31"),
        When(2, "06:01"),
        (
            Signed(
                "noor",
                When(2, "05:44"),
                "different",
                "Born nine years earlier, and her card names another father. She was asked about twice before; the "
                "pair is not to be raised again on this evidence.",
            ),
        ),
    ),
)

PAIRS = (
    Pair(
        "One record or two: Zarghoon Talbund and Varand’s Zarghon Talbandi",
        "tirvash",
        "Ministry of Interior, Varand",
        ("national", "N-2207"),
        ("varand", "V-0131"),
        When(2, "14:30"),
        When(-6, "12:00"),
    ),
    Pair(
        "ایک اندراج یا دو: بختیار کوربند، دونوں فہرستوں میں",
        "tirvash",
        HOME_DEPARTMENT,
        ("national", "N-2071"),
        ("varand", "V-0150"),
        When(18, "09:15"),
        When(11, "12:00"),
        (
            Signed(
                "halim",
                When(14, "12:40"),
                "same",
                "والد کا نام، جائے پیدائش اور سال ۱۹۷۳ دونوں میں ہیں؛ ورند نے خط میں تصدیق کی ہے۔",
            ),
        ),
    ),
)
