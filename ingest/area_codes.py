"""Ids of areas by 市区町村コード: wards of designated cities know their city.

Source: 総務省 全国地方公共団体コード (ward codes follow the code of their city).
"""

from ingest.typed import read_government_code

#: 政令指定都市の五桁コード。区のコードは、その市のコードのすぐ後ろに並ぶ。
DESIGNATED = (
    "01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130",
    "23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100",
)  # fmt: skip
_SHORT = 5


def full_code(text: str | None) -> str | None:
    """The six-digit code of a five- or six-digit one (zeros lost in Excel restored).

    >>> full_code("12101"), full_code("122076"), full_code("11002"), full_code(None)
    ('121011', '122076', '011002', None)
    """
    return read_government_code(text) if text else None


def city_of_ward(code: str) -> str | None:
    """The six-digit code of the designated city a ward's code belongs to; ``None`` for a city.

    >>> city_of_ward("121011"), city_of_ward("122076"), city_of_ward("141305")
    ('121002', None, None)
    """
    short = code[:_SHORT]
    if short in DESIGNATED or short[2] != "1":
        return None
    below = [city for city in DESIGNATED if city[:2] == short[:2] and city < short]
    return read_government_code(max(below)) if below else None
