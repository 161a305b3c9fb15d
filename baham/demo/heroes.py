"""The entries that somebody in this world asks about: (id, kind, listed so many days ago, what is said)."""

Said = dict[str, tuple[str, ...]]

_COURT = "Named in case file {} of Kohsar Provincial CTD; the case is before the district court of Rudabar."

HEROES: tuple[tuple[str, str, int, Said], ...] = (
    ("N-2207", "Person", 552, {
        "name": ("Zarghoon Talbund", "زرغون تلبند"), "father_name": ("Tor Baz", "تور باز"), "gender": ("male",),
        "birth_date": ("12 March 1986",), "birth_place": ("Torsang, Kohsar",), "nationality": ("Sarvan",),
        "doubtful_alias": ("Z. T. Khan",), "reason": (_COURT.format("2025/031"),),
        "notes": ("The list names no source for the birth date; asked of the authority.",),
    }),
    ("N-2044", "Person", 1200, {
        "name": ("Mirwais Khorvash", "میرویس خوروش"), "father_name": ("Gulab", "گلاب"), "gender": ("male",),
        "birth_date": ("1979-05-02",), "birth_place": ("Rudabar, Kohsar",), "nationality": ("Sarvan",),
        "also_known_as": ("Mir Wais Khurvash",), "id_number": ("61-2210-0932",),
        "address": ("House 14, Street 3, Rudabar, Kohsar",), "reason": (_COURT.format("2022/117"),),
    }),
    ("N-2071", "Person", 910, {
        "name": ("Bakhtiar Korband", "بختیار کوربند"), "father_name": ("Sohrab", "سہراب"), "gender": ("male",),
        "birth_date": ("1971 or 1973",), "birth_place": ("Lower Daryab, Daryab",), "nationality": ("Sarvan",),
        "former_name": ("Bakhtiar Pulvash",), "reason": ("مقدمہ نمبر 2023/058 میں نام آیا؛ مقدمہ زیرِ سماعت ہے۔",),
    }),
    ("N-2098", "Person", 1510, {
        "name": ("Sikandar Nilgari", "سکندر نیلگری"), "father_name": ("Nadir Tavrand",), "gender": ("male",),
        "birth_date": ("circa 1970",), "birth_place": ("Nilkot, Nilgar",), "nationality": ("Sarvan", "Varand"),
        "passport": ("SRV 420917",), "address": ("near Sang Pul, Nilgar",), "reason": (_COURT.format("2021/204"),),
        "notes": ("=see also N-2311; the sign stands so in the printed list",),
    }),
    ("N-2119", "Person", 430, {
        "name": ("Palwasha Tirvash", "پلوشه تیروش"), "father_name": ("Hashmat", "حشمت"), "gender": ("female",),
        "birth_date": ("1983",), "birth_place": ("Markaz City, Markaz",), "nationality": ("Sarvan",),
        "reason": ("مقدمہ نمبر 2024/012 کے مطابق ایک کالعدم گروہ کے لیے رقم منتقل کی؛ تفصیل عدالت کے ریکارڈ میں ہے۔",),
        "notes": ("نظرِ ثانی کی درخواست موصول ہو چکی ہے۔",),
    }),
    ("N-2133", "Person", 2100, {
        "name": ("Naveed Barvand", "نوید بروند"), "father_name": ("Waheed", "وحید"), "gender": ("male",),
        "birth_date": ("1968-00-00",), "birth_place": ("Shorvar, Talkh",), "nationality": ("Sarvan",),
        "address": ("Plot 7, \u202edaoR razaB\u202c, Markaz",), "reason": (_COURT.format("2019/066"),),
    }),
    ("N-2151", "Person", 700, {
        "name": ("Jahangir Sangvar", "جہانگیر سنگور"), "father_name": ("Murad Dilvar", "مراد دلور"),
        "gender": ("male",), "birth_date": ("1990-11-23",), "birth_place": ("Sang Pul, Nilgar",),
        "nationality": ("Sarvan",), "passport": ("SRV 771204",), "reason": (_COURT.format("2023/140"),),
    }),
    ("N-2176", "Person", 365, {
        "name": ("Gulalai Zaravan", "ګلالۍ زراون"), "father_name": ("Rustam", "رستم"), "gender": ("female",),
        "birth_date": ("between 1988 and 1990",), "birth_place": ("Tirgah, Kohsar",), "nationality": ("Sarvan",),
        "reason": (_COURT.format("2024/093"),),
    }),
    ("N-2190", "Person", 1830, {
        "name": ("Farhad Lashvar", "فرہاد لشور"), "father_name": ("Jamshed", "جمشید"), "gender": ("male",),
        "birth_date": ("solar year 1351",), "birth_place": ("Torsang, Kohsar",), "nationality": ("Sarvan",),
        "id_number": ("61-0093-4410",), "reason": (_COURT.format("2020/019"),),
        "notes": ("Solar year 1351 is 21 March 1972 to 20 March 1973.",),
    }),
    ("N-2231", "Person", 980, {
        "name": ("Shahbaz Rudabari", "شہباز روداباری"), "father_name": ("Qaiser", "قیصر"), "gender": ("male",),
        "birth_date": ("1988-02-14",), "birth_place": ("Rudabar, Kohsar",), "nationality": ("Sarvan",),
        "id_number": ("61-5506-1187",), "reason": (_COURT.format("2022/009"),),
    }),
    ("N-2232", "Person", 640, {
        "name": ("Shahbaz Rudabari", "شہباز روداباری"), "father_name": ("Tariq Regvand", "طارق ریگوند"),
        "gender": ("male",), "birth_date": ("1964",), "birth_place": ("Rudabar, Kohsar",), "nationality": ("Sarvan",),
        "reason": (_COURT.format("2023/188"),), "notes": ("Not the Shahbaz Rudabari of N-2231.",),
    }),
    ("N-2260", "Person", 300, {
        "name": ("Kamran Mirvand", "کامران میروند"), "father_name": ("Behzad", "بہزاد"), "gender": ("male",),
        "birth_date": ("1995-07-30",), "birth_place": ("Daryab Port, Daryab",), "nationality": ("Sarvan",),
        "id_number": ("71-3318-6602",), "reason": (_COURT.format("2024/151"),),
    }),
    ("N-2310", "Organization", 2200, {
        "name": ("The Nilgar Column", "نیلگر کالم"), "also_known_as": ("Nilgar Qatar", "Column of the North"),
        "country": ("Sarvan",), "address": ("Nilgar; no fixed office",),
        "reason": ("Proscribed by order 7 of 2019 after the judgment in case 2018/220, district court of Nilkot.",),
    }),
    ("N-2311", "Company", 1650, {
        "name": ("Khorvash Exchange", "خوروش صرافہ"), "country": ("Sarvan",), "registration": ("KOH-4471",),
        "address": ("Bazar Road 12, Markaz City, Markaz", "Main bazaar, Rudabar, Kohsar"),
        "reason": ("Licence withdrawn in case 2020/077: transfers without records for a proscribed group.",),
    }),
    ("N-2405", "Vessel", 800, {
        "name": ("Moj-e Daryab", "موجِ دریاب"), "registration": ("DRB-0217",), "country": ("Sarvan",),
        "type": ("fishing boat",), "reason": ("Used for carrying goods without papers, case 2022/131.",),
    }),
    ("N-2415", "Vehicle", 500, {
        "name": ("Pick-up KSR-4471",), "registration": ("KSR-4471",), "country": ("Sarvan",), "type": ("pick-up",),
        "reason": ("Seized and missed from the pound at Rudabar, case 2024/040.",),
    }),
    ("N-2197", "Person", 733, {
        "name": ("Daler Jalvash", "دلیر جلوش"), "father_name": ("Murad", "مراد"), "gender": ("male",),
        "birth_date": ("1977-03-09",), "birth_place": ("Pulkand, Daryab",), "nationality": ("Sarvan",),
        "reason": (_COURT.format("2022/201"),), "notes": ("The review date has passed without a renewal.",),
    }),
)  # fmt: skip

VARAND: tuple[tuple[str, str, int, Said], ...] = (
    ("V-0131", "Person", 400, {
        "name": ("Zarghon Talbandi", "زرغون تلبندي"), "father_name": ("Torbaz",), "birth_date": ("1984",),
        "birth_place": ("Torsang",), "nationality": ("Sarvan",), "notes": ("Name as in a report of Sarvan.",),
    }),
    ("V-0142", "Person", 610, {
        "name": ("Mir Wais Khorwash", "ميرويس خوروش"), "father_name": ("Gulab",), "birth_date": ("1979-02-05",),
        "nationality": ("Sarvan",), "notes": ("Day and month may have been exchanged.",),
    }),
    ("V-0150", "Person", 590, {
        "name": ("Bakhtyar Korbund", "بختيار كوربند"), "father_name": ("Suhrab",), "birth_date": ("1973-09-01",),
        "birth_place": ("Lower Daryab",), "nationality": ("Sarvan",),
    }),
    ("V-0163", "Person", 820, {
        "name": ("Sekandar Nilgari", "سكندر نيلگري"), "birth_date": ("1969",), "nationality": ("Varand",),
        "passport": ("VRD 110482",), "address": ("Tirkand",),
    }),
    ("V-0177", "Person", 220, {
        "name": ("Farhod Lashwar", "فرهاد لشور"), "father_name": ("Jamshid",), "birth_date": ("1951",),
        "nationality": ("Varand",), "address": ("Zolvar",),
    }),
    ("V-0188", "Person", 530, {
        "name": ("Jahongir Sangwar", "جهانگير سنگور"), "father_name": ("Murod",), "birth_date": ("1990-11-23",),
        "nationality": ("Sarvan",), "passport": ("SRV 771204",),
    }),
    ("V-0199", "Person", 190, {
        "name": ("Shahboz Rudbari", "شهباز رودباري"), "birth_date": ("circa 1975",), "nationality": ("Varand",),
    }),
    ("V-0240", "Company", 950, {
        "name": ("Khurvash Exchange", "صرافي خوروش"), "country": ("Sarvan",), "address": ("Markaz; Darvan",),
    }),
    ("V-0241", "Organization", 1300, {
        "name": ("Nilgar Column", "ستون نيلگر"), "country": ("Sarvan",), "notes": ("Entered at Sarvan’s request.",),
    }),
)  # fmt: skip
