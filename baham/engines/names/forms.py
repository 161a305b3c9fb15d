"""Legal forms of companies, in whatever script, before, behind or written together with the name: they are no names.

Written from general knowledge. What rigour's table knows is brought to short forms first (see normalise); these are the
short forms, and the forms of scripts and countries that it leaves as they stand.
"""

import re

from .skeleton import one_form


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LATIN = _words(
    """ag inc ltd llc gmbh srl ooo zao oao ao jsc ojsc cjsc pjsc spzoo plc corp corporation co company ab nv bv kg
    oy pte pty pvt sarl incorporated limited lp llp kk sdn bhd fze fzco fzc est sal sas spa aps psc wll gp akg
    uab tbk tnhh smc eood ood ead dooel doo shpk sha ou asa ehf ohf gie sasu snc scs eurl scrl sprl bvba cvba vof ug
    gmbhcokg ohg kgaa sro kft zrt nyrt tov pao too chp kscp kscc ksc qsc qpsc saog saoc bsc bscc dmcc fzllc ltda
    eireli sacv sapi slu sau lda sgps ltee ulc pllc sarlu suarl sagl mbh gesmbh yk gk coltd ltdco cos coy comp
    copvtltd pvtltd pteltd ptyltd sdnbhd spj spk jsco aktiengesellschaft gesellschaft sti osc osoo pp chao pat prat
    nhc pmc opc ltdsti fgup gup mup oyj srlcv cia cie ciasa scv sapicv fgu fgbu fgau gku fku unitary kompaniya
    kompania kompanija sherkat sherkate sherkete shirkat shirket sharikat charika sirketi sirket firma firm
    messrs establishment est moassese muassasa scpa compania compagnie compagnia maatschappij"""
)
_LIMITED_PARTNER = ("cokg", "cokgaa")
"""What ends the short form of "GmbH & Co. KG" and its like, whatever the partner is."""
# Short words that are names too: a form only where a name begins or ends.
_AT_AN_END = _words("sal sae sia pt as sa sc ad se cv sl bt ae epe ike ip hf sca sci eu ca aam khas")
_ARABIC = frozenset(
    one_form(word)
    for word in [
        "شركة",
        "شرکت",
        "شرکة",
        "شركات",
        "کمپنی",
        "کمپنۍ",
        "کمپني",
        "کمپانی",
        "لمیٹڈ",
        "لیمیٹڈ",
        "لمٹڈ",
        "لمیټډ",
        "لیمیټډ",
        "لمیتد",
        "لمیتید",
        "لیمیتید",
        "میسرز",
        "مسرز",
        "لیمیتد",
        "لمتد",
        "پرائیویٹ",
        "پرائیوٹ",
        "پرائویٹ",
        "محدودة",
        "محدود",
        "مسئولیت",
        "مسؤولية",
        "ذمم",
        "شمل",
        "شمم",
        "شمك",
        "شمع",
        "مساهمة",
        "سهامی",
        "کارپوریشن",
        "انکارپوریٹڈ",
        "مؤسسة",
        "موسسه",
        "تضامنی",
        "تضامن",
        "قابضة",
        "لمیتیډ",
        "شخصي",
    ]
)
_PHRASES = re.compile(
    "|".join(
        (
            # Arabic and Persian forms of several words
            r"(?:ال)?مساهم[ةه]\s+(?:ال)?(?:عام[ةه]|خاص[ةه]|مقفل[ةه])",
            r"(?:ذات\s+|با\s+)?(?:ال)?(?:مسؤولي[ةه]|مسئولي[ةه]|مسئولیت|مسؤولیت)\s+(?:ال)?محدود[ةه]?",
            r"سهامی\s+(?:خاص|عام)",
            r"ش\.?\s?ذ\.?\s?م\.?\s?م\.?(?!\w)",
            r"(?<!\w)[ذش]\s?\.\s?م\s?\.\s?[ملكکع](?:\s?\.\s?م)?\.?(?!\w)",
            # Chinese, Japanese, Korean: before or behind, written together
            "股份有限公司|有限责任公司|有限責任公司|有限公司|股份公司|总公司|總公司|公司|株式会社|株式會社|有限会社|合同会社|合資会社"
            "|주식회사|유한회사|합자회사|㈜|\\(주\\)|\\(株\\)|\\(有\\)",
            # Thai, Hindi, Bengali, Hebrew, Greek
            "บริษัท|จํากัด|จำกัด|มหาชน|ห้างหุ้นส่วน",
            "प्राइवेट|लिमिटेड|कंपनी|कम्पनी|প্রাইভেট|লিমিটেড|কোম্পানি|কোম্পানী|ਲਿਮਿਟੇਡ|லிமிடெட்",
            'בע["״׳]{0,2}מ(?!\\w)',
            r"(?<!\w)(?:α\.?ε|ε\.?π\.?ε|ι\.?κ\.?ε)\.?(?!\w)",
            # Vietnamese, Turkish, and forms of two letters with a point between them at the end
            r"(?<!\w)c[oôo]ng ty(?:\s+(?:tnhh|c[oổ] ph[aầ]n))?(?!\w)",
            r"(?<!\w)a\.?\s?ş\.?(?!\w)",
            r"(?<![\w.])(?:a/s|s\.\s?a|b\.\s?v|n\.\s?v|k\.\s?k|a\.\s?g|a\.\s?s|a\.\s?d|a\.\s?e|s\.\s?l|s\.\s?e|k\.\s?g|o\.\s?ü|c\.\s?a"
            r"|e\.\s?u)\.?\s*$",
            r"(?<![\w.])s\.?\s+en\s+c\.?(?:\s+s\.?)?(?!\w)",
            r"(?<!\w)san(?:ayi)?\.?\s+ve\s+tic(?:aret)?\.?(?!\w)",
            r"(?<!\w)m/s\.?(?=\s)",
            r"(?<!\w)(?:anonim|limited|ltd)\s+[şs]irket[iı]?(?!\w)|(?<!\w)[şs]irketler\s+grubu(?!\w)",
            r"(?<!\w)(?:torgov\w{1,2}\s+dom|торговый\s+дом)(?!\w)",
            r"(?<!\w)(?:ال)?فردي?[يی][ةه](?!\w)",
            r"(?<!\w)(?:sher?kate?\s+)?sahami\s+(?:khass?|aamm?|amm?)(?!\w)",
            r"(?<!\w)sher?kate?\s+sahami(?!\w)",
            r"(?<!\w)private(?=\W+(?:ltd|limited)(?!\w))",
            r"(?<!\w)p\.?t\.(?=\s)",
            r"(?<![\w.])s\.\s?a\.\s?[le]\.?(?!\w)",
            r"(?<!\w)s\.\s?c\.(?=\s)",
        )
    )
)
_HINTS = (".", "/", " ve tic", "irket", "torgov", "cong ty", "private", "sahami", " en c")
"""One of these is in every ASCII text that holds such a phrase."""
_TOGETHER = re.compile(r"(?P<name>[a-z]{4,})(?:gmbh|ltd|llc|inc|corp|(?<!un)limited|ltda|sdnbhd)")
_TOGETHER_ARABIC = re.compile(
    "(?:شرکت|شرکه|کمپنی|موسسه)(?P<behind>(?!ها).{3,})|(?P<before>.{3,})(?:کمپنی|لمیٹڈ|لمیټډ|لمیتد|کارپوریشن)"
)


def without_phrases(text: str) -> str:
    """The text with forms of several words, or written together in scripts without blanks, as ` ltd `."""
    if text.isascii() and not any(hint in text for hint in _HINTS):
        return text
    return _PHRASES.sub(" ltd ", text)


def is_form(word: str, at_an_end: bool) -> bool:
    """Whether a word is a legal form; `at_an_end`: whether the name begins or ends with it."""
    if word.isascii():
        return word in _LATIN or word.endswith(_LIMITED_PARTNER) or (at_an_end and word in _AT_AN_END)
    return _bare(word) in _ARABIC


def apart(word: str) -> str:
    """The name in a word that is a name and a form written together (`Meridexltd`), else the word."""
    if word.isascii():
        found = _TOGETHER.fullmatch(word)
        return found["name"] if found else word
    plain = one_form(word)
    if found := _TOGETHER_ARABIC.fullmatch(plain):
        part = "behind" if found["behind"] else "before"
        return word[found.start(part) : found.end(part)]
    return word


def _bare(word: str) -> str:
    """Without the article and what is written together before it (و, ل)."""
    plain = one_form(word)
    for before in ("وال", "لل", "ال", "و"):
        if plain.startswith(before) and len(plain) > len(before) + 3:
            return plain.removeprefix(before)
    return plain
