"""How the parts of common Pakistani names are also written, by hand and apart from the engine's lexicon: a listed
"OSMAN, Haji Mohamed" bears the name "Muhammad Usman", so who asks for it does not ask for somebody who is not listed.

A pattern matches a whole word without case, marks and apostrophes. A part without a pattern is written as it stands.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from baham.engines.names.types import Subject

_PATTERNS = """\
Muhammad m[aou]h?am+[aeou]*[dt]|mohd|m[ou]hmm?[ae]d
Ali '?al[iy]
Ahmed ah?h?med|ahmad|ahmet|achmad
Abdullah abd[aou]l+ah?
Hassan has+[ae]n
Hussain h[ou]s+[ae](i|y|in|yn|n)?n?e?|hussay[in]n?|hocine
Usman (o|u|ou)(s|th)ma+n
Umar [ou]mm?[ae]r
Imran [ie]mra+n
Bilal b[ei]la+l
Hamza hamza[h]?
Asif [aei]+s+[ei]f
Tariq tari[qk]|tare[qk]|tare?gh
Khalid kh?al[ei]d
Nadeem nad(ee|i|e)m
Waseem wa[sz](ee|i|e)m
Saleem sal(ee|i|e)m
Naveed na[vw](ee|i|e)d
Kashif kashe?if|kashef
Faisal f[ae](i|y)s[ae]l
Kamran kamra+n
Zahid zah[ei]d
Shahid sha+h[ei]d
Sajid sa+j[ei]d
Rashid rash[ei]+d|rachid
Rasheed rash(ee|i|e)d|rachid
Arshad [ae]rshad
Aslam aslam
Akram [ae]kram
Iqbal [ie][qk]ba+l
Javed ja[vw](e|ee|i|ai)d
Ghulam gh?[ou]l+a+m
Nasir na+s+[ie]r
Yasir ya+s+[ie]r
Amir [ae]+m[ei]+r
Irfan [ei]rfa+n
Zubair z[ou]b(ai|ay|ei|ey|e)r
Junaid j[ou]n(ai|ay|ei|ey)d
Salman s[ae]l+ma+n
Rizwan r[ei](z|d|dh)wa+n
Shoaib sh[ou]+'?(ai|ay|ei|e)b
Waqas wa[qk]k?a+s+
Zeeshan z(ee|i)sha+n
Noman n(o|u|au|ou)'?ma+n
Fahad fah[ae]?d
Haris h[ae]ri(s|th)
Ibrahim [ei]?b[ea]?rah(i|ee)m
Ismail [ei]sma'?(i|ee|ei|ie|e)l
Yousaf y(ou|u|oo)s+[aeiou]f
Yaqoob ya'?[qk](oo|u|ou)b
Dawood da('?w|'?)?(oo|u|ou)?[od]?d|david
Sher sh[aei]+r
Gul g[ou]l+
Noor n(oo|ou|u|o)r
Habib hab(i|ee)b
Said sa('?i|ye|'?ee|ie|aye|ai|e)d
Saeed sa('?i|ye|'?ee|ie|aye|ai|e)d
Rehmat r[ae]hmat
Inayat [ei]na+yat
Hidayat h[ei]da+yat
Zafar [dz]h?af+ar
Anwar an[wv][ae]r
Akbar akbar
Sultan s[ou]lta+n
Jamil jam(i|ee)l
Khurram kh[ou]r+am
Tanveer tan[vw](ee|i)r
Sarfraz sarfara?z
Shafiq shaf(i|ee)[qk]
Rafiq raf(i|ee)[qk]
Latif lat(i|ee)f
Ghafoor gh?af+(oo|u|ou)r
Aziz az(i|ee)z
Qadir [qk]ad[ei]+r
Hameed ham(i|ee|e)d
Majeed maj(i|ee|e)d
Wahid wah[ei]+d
Sattar sat+a+r
Saifullah s[ae][iy]f+[aou]l+ah?
Asadullah as+ad[aou]l+ah?
Hidayatullah h[ei]da+yat[aou]l+ah?
Hafeez ha+f[ei]+z
Naeem na'?(ee|i|e|ye|ei)m
Khan kha+n
Shah sha+h?
Malik mal[ei]k
Mahmood m[ae]h?h?m(oo|u|ou)d|mahmut
Mehmood m[ae]h?h?m(oo|u|ou)d|mahmut
Akhtar akht[ae]r
Ashraf ashraf
Afzal af[zd]h?al
Arif a+r[ei]f
Raza r[ei](z|d|dh)h?a|raza
Abbas ab+a+s
Haider h[ae](i|y)d[ae]r
Qureshi [qk](u|o|ou)r[ae]y?[ie]?shi
Chaudhry ch(au|ow|ou)dh?a?r[iy]
Rehman r[ae]h?ma+n
Nawaz na[wv]a+z
Siddiqui s[ae]d+[ei][qk]u?i
Ansari ansa+r[iy]
Sheikh sh(ei|ay|ai|e)k?kh?
Mirza m[ei]rza
Jan ja+n
Afridi afr[ie]+di
Yousafzai y(ou|u|oo)s+[aeiou]f ?za[iy]
Mehsud m[ae]h?s(oo|u|ou)d
Wazir waz(i|ee)r
Baloch bal(o|u|ou|oo)ch
Din d(i|ee)n
Farooq far(oo|u|ou|o)[qkh]+
Zaman zama+n
Amin am(i|ee)n
Karim kar(i|ee)m
Rahim rah(i|ee|e)m
Fatima fat[ei]?ma[h]?
Ayesha a(i|y|ye|yi)?e?sha[h]?
Maryam mar[iy]+am|miriam
Zainab z[ae](i|y)n[ae]b
Khadija kha+d(i|ee)ja[h]?
Amina a+m(i|ee)na[h]?
Bibi b(i|ee)b(i|ee)
Begum beg[au]m"""
_LEFT_OUT = """haji hajji hadji al el bin ibn ben mullah mulla maulvi maulavi mawlawi molvi mawlana maulana qari dr mr
mrs col"""
# Titles unless they end the name: then they are a family's.
_TITLES = "sheikh shaikh shaykh sheik mufti hafiz"
_ABD = re.compile(r"abd(?:[aeou]+[lrszdn]?)?")
_ABD_JOINED = re.compile(r"abd[aeou]+(?:l|r(?=r)|s(?=s)|z(?=z))?(?=[a-z]{4})(?!l+ah?$)")
_APOSTROPHES = str.maketrans("", "", "'’‘`ʿʾʼ")


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    rows = [line.split(" ", 1) for line in _PATTERNS.splitlines()]
    return [(part.casefold(), re.compile(pattern.replace("'?", ""))) for part, pattern in rows]


@cache
def _part(word: str) -> frozenset[str]:
    """The parts that a word may be a spelling of; itself, where it is of none."""
    return frozenset(part for part, pattern in _patterns() if pattern.fullmatch(word)) or frozenset({word})


def readings(name: str) -> list[frozenset[str]]:
    """The parts of a name in the order of its spelling, each as whatever it may stand for; titles and particles left
    out, "Saif Ullah" and "Abdul Qadir" one part each."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_APOSTROPHES))
    words = re.findall("[a-z]+", "".join(c for c in plain if not unicodedata.combining(c)))
    out: list[frozenset[str]] = []
    servant, before = False, ""
    for i, word in enumerate(words):
        if word in ("ullah", "allah", "ulla") and servant:
            out.append(frozenset({"abdullah"}))
            servant = False
        elif word in ("ullah", "allah", "ulla") and out:
            out[-1] = _part(before + "ullah")
        elif _ABD.fullmatch(word):
            servant = True
        elif word not in _LEFT_OUT.split() and not (word in _TITLES.split() and i + 1 < len(words)):
            joined = _ABD_JOINED.match(word)
            before = word[joined.end() :] if joined else word
            of = "abdul " if servant or joined else ""
            out.append(frozenset(of + part for part in _part(before)))
            servant = False
    return out


class Listed:
    """Listed names by their parts, to tell who bears the name of somebody who is asked for."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._by_part: dict[str, list[tuple[str, list[frozenset[str]]]]] = {}
        for subject in subjects:
            for name in (*subject.names, *subject.weak_names):
                parts = readings(name)
                for part in frozenset[str]().union(*parts):
                    self._by_part.setdefault(part, []).append((subject.id, parts))

    def who(self, name: str) -> frozenset[str]:
        """The ids of those of whom a listed name is this one, in whatever order and spelling."""
        asked = readings(name)
        return frozenset(
            subject
            for part in (asked[0] if asked else ())
            for subject, listed in self._by_part.get(part, ())
            if len(listed) == len(asked) and _pair(asked, listed)
        )


def _pair(asked: list[frozenset[str]], listed: list[frozenset[str]]) -> bool:
    """Whether the parts of one answer to the parts of the other, one to one."""
    if not asked:
        return True
    return any(asked[0] & other and _pair(asked[1:], [*listed[:i], *listed[i + 1 :]]) for i, other in enumerate(listed))
