"""Made-up bearers of the names that are common in Pakistan, in Latin and in Urdu script. Nobody in particular; many
people in fact: who bears such a name is stopped by mistake most often.

The table is written by hand from general knowledge, not taken from the engine's frequency table. The number is a rough
share of bearers: 9 very common, 1 merely usual.
"""

import random

_MEN_FIRST = """\
Muhammad:محمد:9 Ali:علی:6 Ahmed:احمد:6 Abdul_Rehman:عبدالرحمن:4 Abdullah:عبداللہ:4 Hassan:حسن:4 Hussain:حسین:4
Imran:عمران:5 Usman:عثمان:4 Umar:عمر:4 Bilal:بلال:4 Hamza:حمزہ:3 Asif:آصف:4 Tariq:طارق:4 Khalid:خالد:4
Nadeem:ندیم:3 Waseem:وسیم:3 Saleem:سلیم:3 Naveed:نوید:3 Kashif:کاشف:3 Faisal:فیصل:3 Adnan:عدنان:3
Kamran:کامران:3 Zahid:زاہد:3 Shahid:شاہد:4 Sajid:ساجد:3 Rashid:راشد:3 Arshad:ارشد:3 Aslam:اسلم:3 Akram:اکرم:3
Iqbal:اقبال:3 Javed:جاوید:3 Ghulam:غلام:4 Nasir:ناصر:3 Yasir:یاسر:2 Amir:عامر:3 Irfan:عرفان:3 Zubair:زبیر:3
Junaid:جنید:2 Salman:سلمان:2 Rizwan:رضوان:3 Shoaib:شعیب:2 Waqas:وقاص:3 Zeeshan:ذیشان:2 Noman:نعمان:2 Fahad:فہد:2
Haris:حارث:1 Ibrahim:ابراہیم:3 Ismail:اسماعیل:3 Yousaf:یوسف:3 Yaqoob:یعقوب:2 Dawood:داؤد:2 Sher:شیر:2 Gul:گل:3
Noor:نور:3 Habib:حبیب:2 Said:سعید:3 Rehmat:رحمت:2 Inayat:عنایت:2 Hidayat:ہدایت:1 Zafar:ظفر:2 Anwar:انور:3
Akbar:اکبر:2 Sultan:سلطان:1 Jamil:جمیل:2 Khurram:خرم:2 Mubashir:مبشر:2 Mudassar:مدثر:1 Tanveer:تنویر:2
Sarfraz:سرفراز:2 Shafiq:شفیق:2 Rafiq:رفیق:2 Latif:لطیف:2 Abdul_Ghafoor:عبدالغفور:2 Abdul_Aziz:عبدالعزیز:2
Abdul_Qadir:عبدالقادر:2 Abdul_Hameed:عبدالحمید:2 Abdul_Majeed:عبدالمجید:2 Abdul_Wahid:عبدالواحد:1
Abdul_Sattar:عبدالستار:1 Saifullah:سیف_اللہ:2 Asadullah:اسد_اللہ:1 Hafeez:حفیظ:2 Naeem:نعیم:2"""
_MEN_LAST = """\
Khan:خان:9 Ali:علی:5 Ahmed:احمد:6 Hussain:حسین:6 Shah:شاہ:4 Iqbal:اقبال:4 Malik:ملک:3 Butt:بٹ:2 Mahmood:محمود:4
Akhtar:اختر:2 Aslam:اسلم:3 Akram:اکرم:3 Ashraf:اشرف:3 Afzal:افضل:2 Arif:عارف:2 Rasheed:رشید:2 Raza:رضا:3
Abbas:عباس:3 Hassan:حسن:3 Haider:حیدر:2 Qureshi:قریشی:2 Chaudhry:چوہدری:2 Mehmood:محمود:3 Rehman:رحمان:4
Yousaf:یوسف:2 Nawaz:نواز:3 Javed:جاوید:3 Anwar:انور:2 Saeed:سعید:3 Akbar:اکبر:2 Siddiqui:صدیقی:2 Ansari:انصاری:2
Sheikh:شیخ:2 Mirza:مرزا:2 Baig:بیگ:2 Bhatti:بھٹی:2 Rana:رانا:2 Jan:جان:3 Gul:گل:2 Afridi:آفریدی:2 Khattak:خٹک:2
Yousafzai:یوسفزئی:2 Orakzai:اورکزئی:1 Bangash:بنگش:1 Mehsud:محسود:1 Wazir:وزیر:2 Baloch:بلوچ:3 Mengal:مینگل:1
Bugti:بگٹی:1 Soomro:سومرو:1 Memon:میمن:2 Ullah:اللہ:3 Din:دین:2 Muhammad:محمد:4 Usman:عثمان:2 Farooq:فاروق:3
Zaman:زمان:2 Amin:امین:2 Karim:کریم:2 Rahim:رحیم:2"""
_WOMEN_FIRST = """\
Fatima:فاطمہ:5 Ayesha:عائشہ:5 Maryam:مریم:4 Zainab:زینب:4 Khadija:خدیجہ:3 Nasreen:نسرین:3 Shazia:شازیہ:3
Saima:صائمہ:3 Samina:ثمینہ:3 Rubina:روبینہ:3 Farzana:فرزانہ:3 Shabana:شبانہ:3 Rukhsana:رخسانہ:3 Parveen:پروین:3
Nazia:نازیہ:3 Sadia:سعدیہ:3 Sana:ثناء:3 Hina:حنا:2 Iqra:اقراء:2 Asma:اسماء:3 Bushra:بشریٰ:3 Amina:آمنہ:3
Kausar:کوثر:2 Shamim:شمیم:2 Yasmeen:یاسمین:2 Tahira:طاہرہ:2 Zubaida:زبیدہ:2 Naseem:نسیم:2 Gul_Nara:گل_نارا:1
Shaista:شائستہ:1"""
_WOMEN_LAST = """\
Bibi:بی_بی:8 Begum:بیگم:5 Khan:خان:5 Khatoon:خاتون:3 Akhtar:اختر:4 Parveen:پروین:4 Kausar:کوثر:2 Ali:علی:3
Ahmed:احمد:3 Iqbal:اقبال:2 Malik:ملک:2 Shah:شاہ:2 Jan:جان:2 Noor:نور:2 Naz:ناز:2 Gul:گل:2 Hussain:حسین:2
Rani:رانی:1"""
Part = tuple[str, str, int]


def _table(text: str) -> list[Part]:
    rows = [row.replace("_", " ").split(":") for row in text.split()]
    return [(latin, urdu, int(weight)) for latin, urdu, weight in rows]


def people(n: int, seed: int) -> list[tuple[str, str]]:
    """n different names as (Latin, Urdu): three in four men's, two parts or three."""
    rng = random.Random(seed)
    men, men_last = _table(_MEN_FIRST), _table(_MEN_LAST)
    women, women_last = _table(_WOMEN_FIRST), _table(_WOMEN_LAST)
    found: dict[str, str] = {}
    while len(found) < n:
        first, last = (men, men_last) if rng.random() < 0.75 else (women, women_last)
        parts = [_draw(first, rng), _draw(last, rng)]
        if rng.random() < 0.35:
            parts.insert(1, _draw(first, rng))
        if len({latin for latin, _, _ in parts}) == len(parts):
            found[" ".join(p[0] for p in parts)] = " ".join(p[1] for p in parts)
    return list(found.items())


def _draw(table: list[Part], rng: random.Random) -> Part:
    return rng.choices(table, [weight for _, _, weight in table])[0]
