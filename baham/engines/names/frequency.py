"""How common a name is, in bits: log2(1 / share of people who bear it).

Two people sharing a name that one person in ten bears have told us 3.3 bits; sharing one that one in four
thousand bears, 12. The table is written by hand from general knowledge of naming in South and West Asia and,
more coarsely, the world: each tier is an order of magnitude, not a census. It is static and shipped, so that
`screen` and `compare` agree and a list cannot change what its own names are worth.
"""

from functools import lru_cache
from math import log2

from .skeleton import latin_keys

# share of bearers -> names, in one usual spelling; other spellings are found through the two keys
_TIERS: dict[float, str] = {
    0.10: "muhammad mohammed mohamed",
    0.04: "khan ahmad ahmed ali abdullah",
    0.015: """hussain hussein husain hassan hasan mahmud mahmoud mahmood ibrahim ismail omar umar yusuf yousef abbas
        hamid rahman rehman rahim karim aziz shah gul jan bibi begum fatima maria salim saleem said saeed sayed
        syed mustafa khalid khaled mohammadi ahmadi hosseini hussaini iqbal akbar malik agha""",
    0.005: """abbasi afridi afzal akhtar akhund akram alam alavi amin amir amini anwar ansari arif asad asghar ashraf
        aslam asif asim ayub azam azad babar baloch bashir bilal butt chaudhry daud dawood durrani ehsan faisal
        faiz farid faruk farooq fazal fazl ghani ghulam habib hadi haidar haidari hakim halim hamad hamza haq
        haque harun hashim hashimi hidayat idris ikram imran inayat irfan isa ishaq islam jabbar jafar jafari
        jalal jalil jamal jamil javed javid kabir kamal karimi kazim kazimi khalil khattak latif mahdi majid
        mansur mansour masood masud mirza mohsen mubarak mujahid mukhtar munir murad musa muzaffar nabi nadeem
        nadir naeem naim najib naqvi naseer nasir nasim nazir nawaz noor nur nuri omari osman usman othman uthman
        qadir qasim qureshi rafiq rahimi raja ramadan ramazan ramzan rashid rasul raza rezai reza riaz rizwan
        sabir sadiq sadik safi sajid salah saleh salih salman samad samir sana sarwar sattar shafi shahid shakir
        sharif sharifi siddiq siddiqi siddiqui sikandar sohail suleiman sulaiman sultan tahir taha tariq tawfiq
        taufiq umer wahid wali waqar waseem wasim yaqub yasin yasir younis yunus yusufi zafar zahid zahir zaid
        zakir zaman zia zubair abdallah abu bakr bakar akbari amiri hamidi nazari sadeghi moradi mousavi musavi
        rostami ebrahimi nasiri mehdi hassani hasani zahra maryam mariam aisha ayesha khadija zainab zaynab amina
        yasmin nadia leila layla sara""",
    0.003: """john james robert michael william david richard joseph thomas charles daniel matthew anthony mark paul
        steven andrew kenneth george peter mary patricia jennifer linda elizabeth barbara susan jessica sarah
        karen anna ana smith johnson williams brown jones miller davis wilson anderson taylor moore martin garcia
        rodriguez martinez hernandez lopez gonzalez perez sanchez ramirez torres flores rivera gomez diaz cruz
        reyes morales jose juan luis carlos antonio francisco miguel manuel pedro jorge alberto fernando silva
        santos oliveira souza pereira lima costa kim lee li wang zhang chen liu yang huang zhao wu park choi
        nguyen tran singh kumar kaur sharma devi patel gupta das ivan alexander aleksandr sergei sergey vladimir
        dmitry dmitri andrei aleksei mikhail nikolai igor oleg yuri viktor ivanov petrov ivanova elena olga
        natalia irina tatiana mehmet mustafa ahmet yilmaz kaya demir celik fatma ayse ali""",
    0.0012: """adam alan albert alex alexandra alfred alice amanda andrea angela ann anne arthur ben benjamin
    brian bruce
        carol catherine chris christian christine christopher claire claudia cristina dennis diana donald dorothy
        edward emily emma eric eva frank gary gabriel harry helen henry howard jack jacob jason jean jeffrey jerry
        jonathan joshua julia julie justin karl katherine kevin laura lauren lewis louis lucas lisa margaret maria
        marie martha max megan michelle nancy nathan nicholas nicole oliver oscar pamela patrick philip philippe
        pierre rachel raymond rebecca roger ronald roy russell ruth ryan samuel sandra scott sean sharon simon
        sophie stephanie stephen terry timothy victoria victor vincent virginia walter wayne zachary adams allen
        bailey baker bell bennett brooks campbell carter clark collins cook cooper cox edwards evans fisher foster
        gray green hall harris hill hughes jackson kelly king long marshall mason mitchell morgan morris murphy
        murray nelson parker phillips price reed richardson roberts robinson rogers ross russell sanders scott
        stewart thompson turner walker ward watson white wood wright young alvarez castillo castro chavez delgado
        fernandez gutierrez guzman jimenez medina mendoza mendez moreno munoz ortega ortiz ramos rojas romero ruiz
        soto suarez vargas vasquez vazquez alejandro andres angel arturo diego eduardo enrique felipe gabriela
        guadalupe guillermo hector hugo ignacio isabel javier jesus joaquin julio leonardo lucia marco marcos
        marta mauricio oscar pablo paula rafael ramon raul ricardo roberto rosa ruben sebastian sergio sofia
        teresa vicente muller schmidt schneider fischer weber meyer wagner becker hoffmann hans klaus bernard
        dubois durand laurent moreau petit simon rossi russo ferrari esposito giovanni giuseppe marco mario luigi
        paolo wei xiao ming hong jun jing yan lin zhou xu sun ma zhu hu guo he gao luo yamada tanaka suzuki sato
        takahashi watanabe ito yamamoto hiroshi kenji nakamura kobayashi jung kang cho yoon lim seo shin kwon
        hwang ahn song anil arun ashok deepak gopal krishna lal mohan prasad rajesh rakesh ram ravi sanjay sunil
        suresh vijay yadav verma mehta rao reddy jain chowdhury das roy ghosh banerjee fernando perera""",
}
_DEFAULT_BY_LENGTH = (0.5, 4.0, 7.0, 9.5, 11.0)
_DEFAULT_BITS = 12.0
_ARABIC_UNKNOWN_BITS = 11.0


def _load() -> tuple[dict[str, float], dict[str, float]]:
    folded: dict[str, float] = {}
    skeletons: dict[str, float] = {}
    for share, names in _TIERS.items():
        for name in names.split():
            key, _, skeleton = latin_keys(name)
            if key not in folded:
                folded[key] = share
                # Spellings of one name share a skeleton: the commonest tier stands for all of them.
                skeletons[skeleton] = max(skeletons.get(skeleton, 0.0), share)
    return folded, skeletons


_FOLDED, _SKELETONS = _load()


@lru_cache(maxsize=1 << 16)
def bits(key: str, skeleton: str, arabic: bool, share: float = 0.0) -> float:
    """Bits that sharing this token is worth, 0.5 to 12; rarer is more. Unknown tokens count by their length."""
    if share:
        return min(-log2(share), _DEFAULT_BITS)
    share = _FOLDED.get(key, 0.0)
    if arabic:
        share = max(share, _SKELETONS.get(skeleton, 0.0))
    elif not share and len(skeleton) >= 3:
        # An unusual spelling of a usual name is rarer than the name, but not rare.
        share = _SKELETONS.get(skeleton, 0.0) / 2
    if share:
        return -log2(share)
    if len(key) < len(_DEFAULT_BY_LENGTH):
        return _DEFAULT_BY_LENGTH[len(key)]
    return _ARABIC_UNKNOWN_BITS if arabic else _DEFAULT_BITS
