"""Closed lists the linter holds data files to."""

from collections.abc import Mapping
from types import MappingProxyType

from graph.vocabulary.concept import Family

#: Flags a concept of a family may carry, and what each means.
TRAITS: Mapping[Family, Mapping[str, str]] = MappingProxyType(
    {
        Family.NEED: {
            "urgent": "命・食・住まい・安全に関わり、何より先に出す",
            "social": "人の集まる場に行くことで満たされる。接近困難の段階では今は場につながない",
            "giving": "受けるより、役割や支え手として関わりたい",
        },
        Family.CATEGORY: {
            "agency": "世帯の支援で役割を受け持てる相談・支援機関（チームの一員になれる）",
            "lead": "支援の調整役（主担当）になれる",
            "formal": "法律や要綱に根拠がある",
            "group_place": "人が集まる場",
            "outreach": "訪問や電話が基本で、出かけなくても受けられる",
            "emergency": "緊急時に使う",
            "confidential": "ふつう所在地を公にしない",
            "work": "収入や仕事につながる場",
        },
        Family.SITUATION: {
            "avoids_people": "人に会うことが難しい。人の集まる場を今はすすめない",
            "refuses": "支援そのものを望んでいない",
            "urgent": "命や安全に関わる",
            "status": "手帳・受給など、制度の対象を決める身分",
        },
        Family.ACTIVITY: {},
        Family.SETTING: {
            "women_only": "女性だけが使える",
            "men_only": "男性だけが使える",
            "wanted_only": "希望があるときだけ評価する",
        },
        Family.BARRIER: {
            "cost": "費用が妨げになる",
            "transport": "移動が妨げになる",
            "crowd": "人の多さが妨げになる",
            "time": "時間帯が妨げになる",
            "access": "設備や身体の条件が妨げになる",
            "language": "言葉が妨げになる",
        },
        Family.ROLE: {},
        Family.STEP: {
            "first": "ほかの一歩より先に行う",
            "home": "訪問で行う",
            "family": "まず家族の困りごとから入る",
            "place": "場につなぐ一歩",
        },
    }
)

#: The 14 heads of needs (engine.md §1), in the order screens show them.
NEED_HEADS: Mapping[str, str] = MappingProxyType(
    {
        "connection": "居場所・つながり",
        "procedure": "手続き・相談先",
        "money": "お金",
        "housing": "住まい",
        "care": "介護・負担",
        "work": "働く",
        "health": "医療・心",
        "childcare": "子育て・学び",
        "watching": "見守り・関係づくり",
        "giving": "役割・楽しみ",
        "food": "食・物",
        "family": "家族・将来",
        "mobility": "移動・買い物",
        "home": "片付け・動物",
    }
)
