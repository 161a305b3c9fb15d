"""What Kohsar Provincial CTD wrote at its desk, the register extracts it leaned on, and what colleagues made of them.

Zarghun Talband's record is the one to open: several sources for a name, a disputed birth date, an alias that turned
out to be somebody else's, one assessment that says that it is one.
"""

from datetime import date

from baham.demo.entries import Entry
from baham.demo.staff import DARYAB_CTD, HOME_DEPARTMENT, KOHSAR_CTD, POST
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Entity, Statement
from baham.platform.world.history import Calendar, Event

MEMBER = "Said to have been a member of the Nilgar Column from 2014 to 2017; the end is uncertain."

STATEMENTS = (
    Entry(
        "K-0418",
        "Person",
        {
            "name": ["Zarghun Talband", "زرغون تلبند"],
            "doubtful_alias": ["Z. T. Khan"],
            "father_name": ["Tor Baz"],
            "gender": ["male"],
            "birth_date": ["between 21 March 1984 and 20 March 1985"],
            "birth_place": ["Torsang, Kohsar"],
            "id_number": ["61-0447-2215"],
            "authority": [KOHSAR_CTD],
            "legal_basis": ["Public Safety Act 2009, s. 11"],
            "notes": [
                "اس نے بتایا کہ وہ ۱۳۶۳ میں تورسنگ میں پیدا ہوا اور بارہ برس کی عمر تک وہیں رہا۔",
                "Birth date given as solar year 1363, which is 21 March 1984 to 20 March 1985 "
                "(interview summary 2026/118, page 4, lines 11 to 13).",
                MEMBER,
                "Customer of Khorvash Exchange in October 2015, three transfers.",
                "Held at the district prison, Rudabar, 4 August to 30 September 2024 (prison register).",
            ],
        },
    ),
    Entry(
        "K-0397",
        "Person",
        {
            "name": ["Daler Jalvash", "دلیر جلوش"],
            "father_name": ["Murad"],
            "birth_date": ["1977"],
            "birth_place": ["Pulkand, Daryab"],
            "authority": [KOHSAR_CTD],
            "notes": ["Review date of the national listing has passed; renewal was not asked for by this office."],
        },
    ),
    Entry(
        "K-0402",
        "Person",
        {
            "name": ["Mirwais Khorvash", "میرویس خوروش"],
            "father_name": ["Gulab"],
            "birth_date": ["2 May 1979"],
            "birth_place": ["Rudabar, Kohsar"],
            "authority": [KOHSAR_CTD],
            "notes": ["Part owner of Khorvash Exchange until 2016, as the trade register has it."],
        },
    ),
    Entry(
        "K-0425",
        "Person",
        {
            "name": ["Tor Baz Talband", "تور باز تلبند"],
            "gender": ["male"],
            "birth_place": ["Torsang, Kohsar"],
            "authority": [KOHSAR_CTD],
            "notes": ["Father of K-0418. Of no category: nothing is held against him; named to tell people apart."],
        },
    ),
    Entry(
        "K-0431",
        "Person",
        {
            "name": ["Palwasha Tirvash", "پلوشه تیروش"],
            "birth_date": ["6 June 1983"],
            "authority": [KOHSAR_CTD],
            "notes": ["اس کے وکیل نے نظرِ ثانی کی درخواست دی ہے؛ سماعت کی تاریخ ابھی طے نہیں ہوئی۔"],
        },
    ),
    Entry(
        "K-0440",
        "Company",
        {
            "name": ["Khorvash Exchange", "خوروش صرافہ"],
            "country": ["Sarvan"],
            "registration": ["KOH-4471"],
            "authority": [KOHSAR_CTD],
            "notes": ["Closed since the licence was withdrawn; the premises are let to others."],
        },
    ),
)

_LATER = Entry(
    "K-0397",
    "Person",
    {
        **STATEMENTS[1].values,
        "notes": [
            "درج شدہ مدت گزر چکی ہے؛ اس دفتر نے تجدید کی درخواست نہیں کی۔",
            "Moved to Regvar, says a neighbour; not checked.",
        ],
    },
)
EDITIONS = (STATEMENTS[:-1], (STATEMENTS[0], _LATER, *STATEMENTS[2:]))
"""What the desk gave at first, and what it gave later."""

REGISTERS = (
    Entry(
        "R-1991-07",
        "Person",
        {
            "name": ["زرغون تلبند"],
            "father_name": ["تور باز"],
            "birth_date": ["between 1983 and 1984"],
            "birth_place": ["Torsang, Kohsar"],
            "nationality": ["Sarvan"],
            "notes": ["School register of Torsang, 1991, line 7: “aged 7”."],
        },
    ),
    Entry(
        "R-2011-55",
        "Person",
        {
            "name": ["Daler Jalvash"],
            "father_name": ["Murad"],
            "birth_date": ["1977-03-09"],
            "birth_place": ["Pulkand, Daryab"],
            "nationality": ["Sarvan"],
            "notes": ["Civil register of Pulkand, extract of 2011."],
        },
    ),
    Entry(
        "R-2016-02",
        "Person",
        {
            "name": ["Mirwais Khorvash"],
            "birth_date": ["1979-05-02"],
            "nationality": ["Sarvan"],
            "notes": ["Trade register of Rudabar, deed of 2016: share in Khorvash Exchange sold."],
        },
    ),
)


def events(calendar: Calendar, ago: int) -> list[Event]:
    """Grades, handling, stances and the one assessment, given by colleagues in the days after the desk wrote."""
    post = Actor("lashvar", Purpose("screening", "desk Torsang"))
    halim = Actor("halim", _CASE)
    return [
        (calendar.at(ago - 2, "09:05"), lambda: _read(halim)),
        (calendar.at(ago - 2, "09:40"), lambda: _grade(halim)),
        (calendar.at(ago - 2, "11:15"), lambda: _mark(Actor("noor", _CASE), calendar)),
        (calendar.at(ago - 3, "14:20"), lambda: _weigh(halim, Actor("tirvash", _CASE), calendar.day(ago - 3))),
        (calendar.at(ago - 4, "16:10"), lambda: _clear_alias(halim)),
        (calendar.at(38, "10:02"), lambda: _grade_request(halim)),
        *((calendar.at(days, hour), lambda: _read(post)) for days, hour in _READS),
    ]


_CASE = Purpose("analysis", "case 2026-0417")
_READS = ((64, "07:50"), (30, "22:15"), (12, "06:31"), (5, "13:44"), (2, "05:58"))


def _grade(by: Actor) -> None:
    person = find("kohsar-desk", "K-0418")
    for prop, begins, code, reason in (
        (
            "birthDate",
            "",
            "B2",
            "Same office was right in 14 of 16 checked statements. The year agrees with a school "
            "register, which is independent.",
        ),
        ("name", "Zarghun", "B2", "As spelled in his own signature on the interview summary; seen by two officers."),
        ("idNumber", "", "A1", "Compared with the national registry’s entry of 2011; check digits agree."),
        ("notes", "Customer", "B2", "Copies of the three receipts are in the file; the exchange kept no ledger."),
        ("notes", "Held at", "A1", "The prison register was seen; entry and release are both signed."),
    ):
        annotate.grade(said(person, prop, begins), code, by, reason)


def _mark(by: Actor, calendar: Calendar) -> None:
    person = find("kohsar-desk", "K-0418")
    checks = Handling(
        TLP.AMBER,
        PAP.GREEN,
        frozenset({DARYAB_CTD, POST, HOME_DEPARTMENT}),
        frozenset({KOHSAR_CTD}),
        frozenset({"screening", "border checks"}),
        calendar.at(-115, "00:00"),
    )
    registry = Handling(TLP.AMBER_STRICT, PAP.GREEN, None, frozenset({"National Registry of Sarvan"}))
    for prop in ("birthDate", "birthPlace"):
        annotate.handle(said(person, prop), checks, by, "Given by the desk under originator control, for checks only.")
    annotate.handle(said(person, "idNumber"), registry, by, "The registry allows use inside this office alone.")


def _weigh(halim: Actor, tirvash: Actor, on: date) -> None:
    person = find("kohsar-desk", "K-0418")
    born, member = said(person, "birthDate"), said(person, "notes", MEMBER)
    annotate.take_stance(
        born,
        "supports",
        halim,
        "The school register of Torsang has him aged 7 in 1991.",
        "School register of Torsang, 1991, line 7 (A2)",
    )
    annotate.take_stance(
        born,
        "supports",
        halim,
        "A relative said the same in 2019; not independent, same household.",
        "Statement of a relative, 2019 (C3)",
    )
    annotate.take_stance(
        born,
        "contradicts",
        tirvash,
        "The national list has 12 March 1986 and names no source.",
        "National list, N-2207 (C3)",
    )
    annotate.assess(
        member, on, "moderate", tirvash, "Rests on two witnesses who knew each other; no document names him after 2015."
    )
    annotate.grade(member, "C3", tirvash, "Two witnesses of the same village; one of them was not asked again.")


def _clear_alias(by: Actor) -> None:
    wrong = "Borne by another man of Rudabar, who was cleared; it never belonged to this person."
    for dataset, key in (("kohsar-desk", "K-0418"), ("national", "N-2207")):
        annotate.take_stance(
            said(find(dataset, key), "weakAlias"), "outdated", by, wrong, "Letter of clearance, Rudabar"
        )


def _grade_request(by: Actor) -> None:
    told = said(find("kohsar-desk", "K-0431"), "notes")
    annotate.grade(told, "A2", by, "وکیل کا خط اور بورڈ کی رسید دونوں فائل میں موجود ہیں۔")


def _read(by: Actor) -> None:
    person = find("kohsar-desk", "K-0418")
    consulted(by, f"entity:{person.canonical_id}", str(person))


def find(dataset: str, key: str) -> Entity:
    """An entry of this world by its list and id."""
    return Entity.objects.select_related("dataset").get(dataset__name=dataset, key=key)


def said(entity: Entity, prop: str, begins: str = "") -> Statement:
    """The first statement in force about an entity with this property, whose value begins so."""
    return entity.statements.filter(prop=prop, value__startswith=begins, until=None).order_by("pk")[0]
