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
            "audience": "年齢層で分かれる。上位や隣の困りごとへの資源をそのまま当てはめない",
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
            "facility": "施設の種類としてだけ数える（図書館・避難所など、それ自体が支援の目的ではない）",
            "named": "この種類の二文字の言葉でも、名前の末尾にあればこの種類とみなす（〇〇病院、〇〇公園）",
            "program": "場所や団体ではなく制度・給付・貸付",
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

#: Facts a concept of a family may carry (all text; lists are joined by ";"), and what each means.
FACTS: Mapping[Family, Mapping[str, str]] = MappingProxyType(
    {
        Family.NEED: {},
        Family.CATEGORY: {
            "law": "根拠となる法律・要綱。なければ「インフォーマル」",
            "field": "分野（高齢・障害・子ども・困窮・医療・住まい・就労・地域・共通）",
            "usual_target": "ふつうの対象（文）",
            "usual_cost": "ふつうの費用（文）",
            "min_age": "ふつうの対象年齢の下限（歳）",
            "max_age": "ふつうの対象年齢の上限（歳）",
            "eligible": "対象となる状況の見出し（どれか一つに当たればよい）",
            "eligible_only": "true＝法律や制度で eligible の人に限られる",
            "department_words": "所管課を探すときの言葉",
            "role_in_team": "支援チームでの役割（機関のとき）",
            "gender": "female／male＝その性別だけが使える",
        },
        Family.SITUATION: {
            "group": "集計での対象者の状況",
            "min_age": "この状況がふつう当てはまる年齢の下限（歳）",
            "max_age": "この状況がふつう当てはまる年齢の上限（歳）",
        },
        Family.ACTIVITY: {},
        Family.SETTING: {},
        Family.BARRIER: {},
        Family.ROLE: {},
        Family.STEP: {
            "order": "歩みの順（小さいほど先）",
            "who": "担える資源の種類の見出し",
            "what": "すること（文）",
        },
    }
)

#: Facts that hold keys of concepts of a family.
KEY_FACTS: Mapping[tuple[Family, str], Family] = MappingProxyType(
    {
        (Family.CATEGORY, "eligible"): Family.SITUATION,
        (Family.STEP, "who"): Family.CATEGORY,
    }
)

#: Facts that hold a number.
NUMBER_FACTS = frozenset({"min_age", "max_age", "order"})

#: Facts every concept of a family must have.
REQUIRED_FACTS: Mapping[Family, tuple[str, ...]] = MappingProxyType(
    {
        Family.CATEGORY: ("law", "field", "usual_target", "usual_cost"),
        Family.STEP: ("order", "who"),
    }
)

#: Which links a family may have, and the families they may point to.
LINKS: Mapping[Family, Mapping[str, tuple[Family, ...]]] = MappingProxyType(
    {
        Family.NEED: {"requires_step": (Family.STEP,)},
        Family.CATEGORY: {
            "answers": (Family.NEED,),
            "suits": (Family.SITUATION, Family.SETTING, Family.BARRIER),
            "unsuits": (Family.SITUATION, Family.SETTING, Family.BARRIER),
            "leads_to": (Family.CATEGORY,),
        },
        Family.SITUATION: {
            "requires_step": (Family.STEP,),
            "implies": (Family.NEED, Family.SITUATION),
        },
        Family.ACTIVITY: {},
        Family.SETTING: {},
        Family.BARRIER: {"implies": (Family.NEED,)},
        Family.ROLE: {},
        Family.STEP: {},
    }
)

#: Crosswalks to other code systems; WAM file numbers and billing codes are two systems.
CROSSWALKS: Mapping[str, str] = MappingProxyType(
    {
        "wam_file": "WAM NETオープンデータのファイル番号（障害福祉サービス）",
        "billing": "障害福祉サービス費等の請求で使う2桁のサービス種類コード",
        "care_service": "介護サービス情報公表の3桁のサービス種類コード",
        "gif_poi": "政府相互運用性フレームワーク（GIF）のPOIコード",
        "gif_trouble": "GIFサービスカタログのお困りごと",
        "checklist": "自立相談支援の標準様式「課題と特性」の番号（本システムの付番。様式との照合は未了）",
        "housing_support": "住宅確保要配慮者の区分",
        "daily_support": "生活支援サービスの6類型",
    }
)
