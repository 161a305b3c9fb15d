"""Small tables of names by naming tradition, written by hand from general knowledge; fictional persons are made of
them.

A tradition is a way of naming that a table is drawn from. It says nothing about a person: nobody's descent, faith or
sect is recorded here or anywhere, family names of tribes are left out, and the matcher never sees the label (S-19).
Each entry is `latin:weight` or `latin/other script:weight`; the weight is a rough share of bearers within the table,
_ stands for a space. Men, women, and what stands last in either's name.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: as written in Latin letters, in Arabic letters ("": not written so), and its weight."""

    latin: str
    arabic: str
    weight: int


@dataclass(frozen=True, slots=True)
class Table:
    """The names of one tradition."""

    men: tuple[Part, ...]
    women: tuple[Part, ...]
    last: tuple[Part, ...]


_TEXT: dict[str, tuple[str, str, str]] = {
    "Pashtun": (
        """Muhammad/محمد:9 Ahmad/احمد:6 Gul/ګل:5 Noor/نور:5 Khan/خان:4 Sher/شېر:3 Wali/ولي:3 Zalmay/ځلمی:3
        Toryalai/توریالی:2 Mirwais/میرویس:3 Baryalai/بریالی:2 Khushal/خوشحال:2 Zmarai/زمری:2
        Samiullah/سمیع_الله:4 Nasibullah/نصیب_الله:2 Esmatullah/عصمت_الله:3 Hidayatullah/هدایت_الله:3
        Naqibullah/نقیب_الله:3 Amanullah/امان_الله:3 Habibullah/حبیب_الله:4 Zabihullah/ذبیح_الله:3
        Sharifullah/شریف_الله:2 Najibullah/نجیب_الله:4 Rahmatullah/رحمت_الله:4 Hamidullah/حمید_الله:3
        Abdul_Wali/عبدالولي:2 Abdul_Ghani/عبدالغني:2 Jamal/جمال:2 Bashir/بشیر:3 Daud/داود:2 Ajmal/اجمل:3
        Gulab/ګلاب:1 Lal/لعل:2 Torak/تورک:1 Zarghun/زرغون:1 Nangyal/ننګیال:1""",
        """Gulalai/ګلالۍ:3 Spozhmai/سپوږمۍ:2 Palwasha/پلوشه:3 Zarmina/زرمینه:3 Malalai/ملالۍ:4 Shaista/شایسته:3
        Zarghuna/زرغونه:3 Storai/ستوري:2 Breshna/برېښنا:2 Wazhma/وږمه:2 Khatol/خاټول:1 Rokhana/روښانه:2
        Parwana/پروانه:2 Gulnaz/ګلناز:3 Zakia/ذکیه:3 Nargis/نرګس:3 Bibi/بي_بي:6 Shabana/شبانه:3
        Fatima/فاطمه:5 Maryam/مریم:4""",
        """Khan/خان:10 Gul/ګل:5 Jan/جان:6 Shah/شاه:5 Ahmad/احمد:4 Wali/ولي:3 Zaman/زمان:3 Agha/آغا:3 Rahman/رحمان:5
        Nabi/نبي:2 Karim/کریم:3 Rasul/رسول:3 Hamdard/همدرد:1 Sahar/سحر:1 Arman/آرمان:2 Zirak/ځیرک:1
        Wafa/وفا:2 Zaland/ځلاند:1 Akbar/اکبر:3 Haider/حیدر:1 Bahar/بهار:1 Himmat/همت:2 Sabawoon/سباوون:1""",
    ),
    "Punjabi": (
        """Muhammad/محمد:10 Ali/علی:6 Imran/عمران:5 Usman/عثمان:4 Bilal/بلال:4 Asif/آصف:4 Tariq/طارق:4 Nadeem/ندیم:4
        Waseem/وسیم:3 Naveed/نوید:3 Kashif/کاشف:3 Faisal/فیصل:3 Adnan/عدنان:3 Kamran/کامران:3 Shahid/شاہد:4
        Sajid/ساجد:3 Arshad/ارشد:3 Aslam/اسلم:3 Ghulam/غلام:4 Rizwan/رضوان:3 Shoaib/شعیب:2 Waqas/وقاص:3
        Zeeshan/ذیشان:2 Mubashir/مبشر:2 Tanveer/تنویر:2 Sarfraz/سرفراز:2 Liaqat/لیاقت:2 Riaz/ریاض:3
        Khurram/خرم:2 Shabbir/شبیر:2 Zafar/ظفر:2 Amjad/امجد:3""",
        """Shazia/شازیہ:4 Saima/صائمہ:4 Samina/ثمینہ:3 Rubina/روبینہ:3 Farzana/فرزانہ:3 Rukhsana/رخسانہ:4 Nazia/نازیہ:3
        Sadia/سعدیہ:3 Sana/ثناء:3 Iqra/اقراء:2 Asma/اسماء:3 Bushra/بشریٰ:3 Kausar/کوثر:3 Tahira/طاہرہ:2
        Zubaida/زبیدہ:2 Nasreen/نسرین:4 Ayesha/عائشہ:5 Fatima/فاطمہ:4 Mehwish/مہوش:2 Sidra/سدرہ:2""",
        """Ahmed/احمد:8 Ali/علی:7 Hussain/حسین:7 Iqbal/اقبال:6 Malik/ملک:4 Mahmood/محمود:5 Akhtar/اختر:4 Aslam/اسلم:3
        Akram/اکرم:3 Ashraf/اشرف:4 Afzal/افضل:3 Rasheed/رشید:3 Raza/رضا:3 Nawaz/نواز:4 Javed/جاوید:4
        Anwar/انور:3 Saeed/سعید:3 Parveen/پروین:4 Bibi/بی_بی:4 Begum/بیگم:2 Yaqoob/یعقوب:2 Latif/لطیف:2
        Sharif/شریف:2 Rafiq/رفیق:2 Siddique/صدیق:2""",
    ),
    "Sindhi": (
        """Ghulam/غلام:6 Muhammad/محمد:8 Ali/علی:6 Abdul_Sattar/عبدالستار:3 Abdul_Ghafoor/عبدالغفور:3
        Allah_Bux/اللہ_بخش:3 Nabi_Bux/نبی_بخش:2 Khuda_Bux/خدا_بخش:2 Mumtaz/ممتاز:3 Zulfiqar/ذوالفقار:3
        Sajjad/سجاد:3 Manzoor/منظور:3 Qadir/قادر:2 Dost_Muhammad/دوست_محمد:2 Sikandar/سکندر:2 Roshan/روشن:2
        Altaf/الطاف:2 Ayaz/ایاز:3 Mir/میر:3 Sarang/سارنگ:1 Sachal/سچل:1 Jani/جانی:1 Hyder/حیدر:2
        Punhal/پنھل:1 Rasool/رسول:2 Imdad/امداد:2 Khadim/خادم:2 Aijaz/اعجاز:3 Dilawar/دلاور:2""",
        """Sassui/سسئی:2 Marvi/ماروی:3 Moomal/مومل:2 Noori/نوری:2 Zarina/زرینہ:3 Hajra/ہاجرہ:3 Haseena/حسینہ:2
        Rabia/رابعہ:3 Sakina/سکینہ:3 Sughra/صغریٰ:2 Rasheeda/رشیدہ:2 Shahnaz/شہناز:3 Zahida/زاہدہ:3
        Amina/آمنہ:4 Hakima/حاکمہ:1 Ruqayya/رقیہ:3 Zeenat/زینت:2 Sanam/صنم:2 Benazir/بینظیر:2 Mehnaz/مہناز:2""",
        """Ali/علی:8 Hussain/حسین:6 Shah/شاہ:5 Muhammad/محمد:5 Ahmed/احمد:5 Hyder/حیدر:3 Mustafa/مصطفیٰ:3 Rasool/رسول:3
        Murtaza/مرتضیٰ:3 Akbar/اکبر:3 Abbas/عباس:3 Sarwar/سرور:2 Shabir/شبیر:2 Khatoon/خاتون:4 Qadir/قادر:2
        Dino/ڈنو:2 Suleman/سلیمان:2 Ibrahim/ابراہیم:2 Sadiq/صادق:2 Umer/عمر:2 Asghar/اصغر:2 Nawaz/نواز:2
        Rahim/رحیم:2 Jan/جان:2 Latif/لطیف:2 Sain/سائیں:1""",
    ),
    "Baloch": (
        """Dad_Muhammad/داد_محمد:2 Khudadad/خداداد:2 Mir/میر:3 Balach/بالاچ:2 Hammal/حمل:2 Chakar/چاکر:2 Jiand/جیئند:1
        Mehrab/مہراب:2 Zahid/زاہد:3 Sanaullah/ثناء_اللہ:2 Nasir/ناصر:3 Karim/کریم:3 Abdul_Karim/عبدالکریم:3
        Abdul_Hai/عبدالحئی:2 Gwahram/گوہرام:1 Shahmir/شاہ_میر:2 Dosten/دوستین:1 Murad/مراد:3
        Peer_Bux/پیر_بخش:2 Yar_Muhammad/یار_محمد:3 Hasil/حاصل:1 Akhtar/اختر:2 Ghulam/غلام:3
        Rasul_Bux/رسول_بخش:2 Rahim/رحیم:3 Kahir/کہیر:1 Miran/میران:2 Nodan/نودان:1 Zubair/زبیر:2
        Sohrab/سہراب:2 Ishaq/اسحاق:2 Yunus/یونس:2""",
        """Banuk/بانک:3 Hani/ہانی:3 Mahnaz/مہناز:3 Granaz/گراناز:2 Sammi/سمی:2 Durdana/دردانہ:2 Mahgul/ماہ_گل:2
        Zarina/زرینہ:3 Bibi/بی_بی:5 Gulbano/گل_بانو:2 Shahnaz/شہناز:3 Mahrang/ماہ_رنگ:1 Nazgul/نازگل:2
        Shari/شاری:2 Rahima/رحیمہ:2 Sabiha/صبیحہ:2 Gohar/گوہر:2 Malika/ملکہ:2 Mahperi/ماہ_پری:2
        Hatun/ہاتون:1""",
        """Khan/خان:6 Muhammad/محمد:5 Jan/جان:4 Karim/کریم:3 Rahim/رحیم:3 Murad/مراد:3 Ali/علی:4 Shah/شاہ:3
        Hayat/حیات:2 Salam/سلام:2 Ahmad/احمد:3 Rasul/رسول:2 Sanjar/سنجر:1 Bahram/بہرام:2 Shahdad/شہداد:2
        Nawaz/نواز:3 Mehrab/مہراب:2 Kamalan/کمالان:1 Ghani/غنی:2 Aziz/عزیز:3 Majid/مجید:2 Qadir/قادر:2
        Wahid/واحد:2 Hakim/حکیم:2 Taj/تاج:2 Dilmurad/دل_مراد:2 Yusuf/یوسف:2""",
    ),
    "Arab": (
        """Muhammad/محمد:9 Ahmad/أحمد:7 Ali/علي:6 Khalid/خالد:5 Omar/عمر:4 Hassan/حسن:4 Hussein/حسين:4 Mahmoud/محمود:4
        Ibrahim/إبراهيم:4 Yusuf/يوسف:4 Tariq/طارق:3 Faisal/فيصل:3 Sami/سامي:2 Nabil/نبيل:2 Walid/وليد:3
        Ziad/زياد:2 Marwan/مروان:2 Karim/كريم:3 Rashid/راشد:3 Saad/سعد:3 Majid/ماجد:2 Nasser/ناصر:3
        Bassam/بسام:1 Adel/عادل:3 Hisham/هشام:2 Abdullah/عبدالله:5 Abdul_Rahman/عبدالرحمن:4
        Abdul_Aziz/عبدالعزيز:3 Mustafa/مصطفى:4 Anas/أنس:2 Samir/سمير:3 Yasin/ياسين:2 Munir/منير:2""",
        """Fatima/فاطمة:6 Aisha/عائشة:4 Maryam/مريم:5 Layla/ليلى:4 Noura/نورة:3 Huda/هدى:3 Zainab/زينب:4 Salma/سلمى:3
        Rania/رانيا:2 Samira/سميرة:3 Hanan/حنان:2 Amal/أمل:3 Nadia/نادية:3 Khadija/خديجة:3 Rima/ريما:2
        Dalal/دلال:1 Widad/وداد:1 Iman/إيمان:3 Suad/سعاد:2 Najwa/نجوى:2""",
        """Al-Masri/المصري:3 Haddad/حداد:4 Al-Najjar/النجار:3 Khalil/خليل:4 Mansour/منصور:4 Hamdan/حمدان:3
        Al-Khatib/الخطيب:3 Saleh/صالح:5 Qasim/قاسم:4 Salim/سالم:4 Hamid/حامد:3 Younes/يونس:3
        Al-Rashidi/الراشدي:2 Al-Sayegh/الصايغ:2 Awad/عوض:3 Darwish/درويش:3 Shaheen/شاهين:2 Barakat/بركات:3
        Nasr/نصر:3 Al-Tayyib/الطيب:2 Fares/فارس:3 Jaber/جابر:3 Murad/مراد:2 Al-Hakim/الحكيم:2
        Ismail/إسماعيل:4 Ghanem/غانم:2 Sabbagh/صباغ:2 Zaki/زكي:2""",
    ),
    "Persian and Dari": (
        """Reza/رضا:6 Mehdi/مهدی:5 Ali/علی:6 Hossein/حسین:5 Amir/امیر:4 Behzad/بهزاد:3 Farhad/فرهاد:4 Dariush/داریوش:2
        Kourosh/کوروش:2 Siavash/سیاوش:2 Bahram/بهرام:3 Navid/نوید:3 Omid/امید:4 Jamshid/جمشید:3
        Parviz/پرویز:3 Masoud/مسعود:4 Saeed/سعید:4 Hamed/حامد:3 Farid/فرید:3 Ehsan/احسان:3 Iraj/ایرج:2
        Manouchehr/منوچهر:2 Habib/حبیب:3 Javad/جواد:3 Nader/نادر:3 Sohrab/سهراب:2 Rostam/رستم:1
        Mirza/میرزا:2 Ghulam/غلام:3 Qasim/قاسم:2 Yaqub/یعقوب:2""",
        """Shirin/شیرین:4 Parisa/پریسا:3 Nasrin/نسرین:4 Zohra/زهره:3 Mahnaz/مهناز:3 Laleh/لاله:2 Farida/فریده:4
        Golnar/گلنار:2 Mina/مینا:3 Soraya/ثریا:3 Roya/رویا:3 Nilofar/نیلوفر:3 Setareh/ستاره:2 Azadeh/آزاده:2
        Fatemeh/فاطمه:5 Zahra/زهرا:5 Simin/سیمین:2 Tahmina/تهمینه:2 Parvaneh/پروانه:2 Yasaman/یاسمن:2""",
        """Ahmadi/احمدی:6 Karimi/کریمی:6 Rahimi/رحیمی:6 Mohammadi/محمدی:6 Hosseini/حسینی:6 Rezaei/رضایی:5
        Akbari/اکبری:4 Jafari/جعفری:4 Moradi/مرادی:4 Sharifi/شریفی:4 Amiri/امیری:4 Nazari/نظری:4
        Yousefi/یوسفی:3 Qasemi/قاسمی:3 Haidari/حیدری:4 Sadeqi/صادقی:3 Rostami/رستمی:3 Kazemi/کاظمی:3
        Bakhshi/بخشی:2 Azizi/عزیزی:4 Farahani/فراهانی:2 Rasuli/رسولی:3 Noori/نوری:4 Hashemi/هاشمی:3
        Barzegar/برزگر:1""",
    ),
    "Turkic": (
        """Mehmet:6 Mustafa:5 Ahmet:5 Ali:4 Hasan:4 Emre:3 Murat:4 Kemal:3 Orhan:2 Yusuf:4 Ibrahim:4 Osman:3 Serkan:2
        Baris:2 Deniz:2 Rustam:3 Bakhtiyor:2 Jasur:2 Otabek:2 Sherzod:2 Ulugbek:2 Timur:3 Azamat:3 Ruslan:3
        Nurlan:3 Erlan:2 Yerbol:1 Elchin:2 Vugar:2 Rashad:2 Alisher:3 Farrukh:2 Dilshod:2""",
        """Ayse:5 Fatma:5 Emine:4 Zeynep:4 Elif:4 Merve:3 Gulsen:2 Leyla:3 Dilnoza:2 Gulnora:3 Nigora:2 Malika:3
        Aigul:3 Saule:2 Zarina:3 Aynur:3 Sevda:2 Nargiza:3 Madina:3 Kamola:2""",
        """Yilmaz:5 Kaya:4 Demir:4 Celik:3 Sahin:4 Yildiz:3 Ozturk:4 Aydin:3 Arslan:3 Dogan:3 Karimov:4 Rahimov:4
        Yusupov:4 Aliyev:5 Mammadov:4 Huseynov:3 Ismailov:3 Nazarov:3 Umarov:2 Tursunov:2 Abdullaev:3
        Akhmetov:3 Suleimenov:2 Ibragimov:3 Saidov:3 Ergashev:2 Sultanov:2 Mirzaev:2""",
    ),
    "Indian": (
        """Rajesh:5 Suresh:5 Ramesh:5 Anil:4 Sunil:4 Vijay:4 Sanjay:4 Rahul:4 Amit:5 Arjun:3 Deepak:4 Manoj:4 Ravi:4
        Prakash:3 Mohan:3 Kiran:3 Vinod:3 Ashok:3 Arun:3 Nikhil:2 Karthik:2 Ganesh:3 Subhash:2 Mukesh:3
        Harish:3 Gopal:2 Naresh:2 Dilip:2 Girish:2 Pradeep:3 Tarun:2 Vikram:3""",
        """Sunita:5 Anita:4 Priya:5 Kavita:4 Neha:4 Pooja:4 Lakshmi:4 Meena:3 Rekha:4 Geeta:3 Asha:3 Shanti:2 Deepa:3
        Swati:3 Anjali:4 Radha:3 Usha:3 Vidya:2 Nirmala:2 Sarita:3""",
        """Sharma:6 Kumar:8 Verma:5 Gupta:6 Patel:6 Reddy:5 Rao:5 Nair:4 Iyer:3 Das:5 Ghosh:4 Banerjee:3 Mehta:3
        Joshi:4 Desai:3 Mishra:4 Yadav:5 Chauhan:3 Pillai:3 Menon:3 Jain:3 Bose:2 Shetty:2 Kulkarni:2 Devi:5
        Prasad:4 Naidu:2 Saxena:2""",
    ),
    "European": (
        """John:5 Michael:5 David:5 James:4 Thomas:4 Peter:4 Andreas:3 Stefan:3 Pierre:3 Jean:4 Marco:3 Luca:3 Carlos:3
        Jose:4 Antonio:4 Jan:3 Piotr:3 Pavel:2 Ivan:3 Sergei:3 Alexander:4 Dmitri:3 Nikolai:2 Lars:2 Erik:2
        Henrik:1 Patrick:3 Martin:4 Robert:4 Paul:4 Daniel:4 Milan:2""",
        """Maria:6 Anna:5 Elena:4 Sophie:3 Julia:4 Laura:4 Emma:3 Olga:3 Natalia:3 Katarina:2 Ingrid:2 Claire:2
        Isabel:3 Carmen:3 Helen:3 Sarah:4 Susan:3 Monika:2 Eva:3 Francesca:2""",
        """Smith:5 Jones:4 Brown:4 Taylor:3 Miller:4 Wilson:3 Muller:4 Schmidt:4 Schneider:3 Fischer:3 Martin:3
        Bernard:2 Dubois:2 Rossi:3 Bianchi:2 Garcia:5 Fernandez:4 Lopez:4 Silva:4 Santos:4 Novak:3
        Kowalski:2 Nowak:2 Ivanov:4 Petrov:3 Smirnov:3 Popov:2 Jensen:2 Hansen:2 Johansson:2 Andersson:2
        Murphy:2 Horvat:2 Nagy:2""",
    ),
    "West and East African": (
        """Musa:5 Ibrahim:5 Abubakar:4 Sani:3 Yakubu:3 Aliyu:3 Umaru:2 Bello:3 Garba:2 Kwame:3 Kofi:3 Kwaku:2 Chinedu:2
        Emeka:3 Tunde:3 Babatunde:2 Abdi:4 Farah:3 Warsame:2 Guled:2 Hassan:4 Ahmed:4 Juma:3 Baraka:2
        Otieno:2 Kamau:3 Mwangi:2 Tesfaye:3 Haile:2 Bekele:2 Mamadou:4 Ousmane:3 Ibrahima:3 Moussa:4""",
        """Aminata:4 Fatou:4 Mariama:3 Aissatou:3 Halima:4 Hauwa:3 Zainab:3 Amina:4 Asha:3 Hodan:2 Ifrah:1 Ama:2
        Abena:2 Akosua:2 Ngozi:3 Folake:2 Wanjiku:2 Achieng:2 Almaz:3 Tigist:2""",
        """Diallo:5 Traore:4 Keita:4 Toure:4 Ba:4 Sow:4 Ndiaye:4 Coulibaly:3 Camara:4 Mensah:4 Owusu:3 Boateng:3
        Okafor:3 Adeyemi:3 Balogun:2 Mohammed:5 Abubakar:4 Suleiman:3 Lawal:3 Hassan:4 Abdullahi:4 Warsame:2
        Mohamud:3 Farah:3 Mwangi:3 Kariuki:2 Otieno:2 Tesfaye:2 Bekele:3 Gebre:2""",
    ),
    "Malay and Indonesian": (
        """Muhammad:6 Ahmad:6 Abdul_Rahman:3 Ismail:4 Hassan:3 Razak:2 Azlan:2 Faizal:3 Hafiz:3 Rizal:3 Zulkifli:3
        Kamarul:2 Budi:4 Agus:4 Slamet:3 Bambang:3 Eko:4 Dwi:3 Joko:4 Hendra:3 Rudi:3 Wahyu:3 Arif:3
        Taufik:2 Yusof:3 Iskandar:2 Syafiq:2 Hadi:3 Firman:2 Irwan:3""",
        """Siti:7 Nur:6 Aisyah:4 Dewi:5 Sri:5 Fitri:4 Rina:3 Ratna:3 Wulan:2 Indah:3 Lestari:2 Noraini:2 Rohani:2
        Zaleha:2 Hasnah:2 Yanti:3 Putri:4 Intan:2 Farah:2 Maimunah:2""",
        """Abdullah:5 Rahman:4 Ibrahim:4 Ismail:4 Hassan:3 Yusof:3 Osman:3 Hamzah:3 Salleh:3 Bakar:2 Santoso:4
        Setiawan:4 Wijaya:4 Kurniawan:4 Saputra:4 Hidayat:4 Nugroho:4 Susanto:3 Wibowo:3 Gunawan:3 Lestari:3
        Rahayu:3 Suryadi:2 Hakim:2 Utami:2 Prasetyo:3 Aziz:3""",
    ),
}
TRADITIONS = tuple(_TEXT)
# One name in the spellings of several tables: who bears it in another spelling is a namesake all the same.
_SAME = """muhammad mohammed mohamud mehmet, ahmad ahmed ahmet, hussein hussain hossein, hassan hasan, yusuf yusof,
 omar umaru, usman osman ousmane, ibrahim ibrahima, musa moussa, fatima fatma fatemeh fatou, ayesha aisha aisyah ayse,
 zainab zeynep, mahmood mahmoud, qadir kadir, rasul rasool, ismail esmail, bux baksh, abdullah abdoulaye,
 maryam mariama, yaqub yaqoob yakubu, saeed said, amina aminata emine, hamid hamed, javad jawad"""


_SPELLING = {word: words.split()[0] for words in _SAME.split(",") for word in words.split()}


def plain(latin: str) -> str:
    """The part of a name by which two spellings in these tables are one name."""
    low = latin.lower().removeprefix("al-")
    return _SPELLING.get(low, low)


@lru_cache(maxsize=1)
def tables() -> dict[str, Table]:
    """Every tradition's table."""
    return {name: Table(*(tuple(_parts(text)) for text in texts)) for name, texts in _TEXT.items()}


def _parts(text: str) -> list[Part]:
    out = []
    for entry in text.split():
        written, _, weight = entry.replace("_", " ").rpartition(":")
        latin, _, arabic = written.partition("/")
        out.append(Part(latin, arabic, int(weight)))
    return out
