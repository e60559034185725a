"""One spelling for comparison: width, case, traditional characters, blanks and punctuation folded away.

Standard library only.
"""

from __future__ import annotations

import re
import unicodedata

_BRACKETS = re.compile(r"[(\[{<【〔「]([^()\[\]{}<>【】〔〕「」]*)[)\]}>】〕」]")
_PUNCTUATION = re.compile(r"[\W_]+")
# Traditional characters of headings and code words, and the simplified ones; in this order.
_TRADITIONAL = (
    "業東個義鄉產産會傳傾關內寫農況別務動區醫單衛縣參雙發號啟啓員團園國圖場處學寬對層屬嶼島師帶廣廢開強歸錄態總戶戸護報擬數無時暫權條來樞標檢樓橫"
    "匯彙沒測燈點狀獨現電監碼稱類紅纖級緯縱紐線綫組經繪絡統維綜綠纜編聯騰節營補觀規視計訊記設識診試詳負貿資載輸輻轄邊運進選鋼鐵銷鍵鎮間際陸靜頂項"
    "順領頻飲駐黃龍萬與雲價劃臺據桿構機網掛採確羣備壓橋連遠兩畝莊廠車門舊復體實證適達約終結質費調認說銅長階隱頁須預値為爲"
)
_SIMPLIFIED = (
    "业东个义乡产产会传倾关内写农况别务动区医单卫县参双发号启启员团园国图场处学宽对层属屿岛师带广废开强归录态总户户护报拟数无时暂权条来枢标检楼横"
    "汇汇没测灯点状独现电监码称类红纤级纬纵纽线线组经绘络统维综绿缆编联腾节营补观规视计讯记设识诊试详负贸资载输辐辖边运进选钢铁销键镇间际陆静顶项"
    "顺领频饮驻黄龙万与云价划台据杆构机网挂采确群备压桥连远两亩庄厂车门旧复体实证适达约终结质费调认说铜长阶隐页须预值为为"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def fold(words: str) -> str:
    """Give `words` in NFKC, lower case and simplified characters without blanks, punctuation and underscores."""
    return simplified(_PUNCTUATION.sub("", unicodedata.normalize("NFKC", words).lower()))


def simplified(words: str) -> str:
    """Give `words` with the traditional characters of headings and code words in their simplified form.

    For comparisons only: a text that is kept keeps its own characters.
    """
    return words if words.isascii() else words.translate(_TO_SIMPLIFIED)


def without_brackets(words: str) -> tuple[str, list[str]]:
    """Split "频段（MHz）" into "频段" and ["MHz"], in NFKC."""
    plain = unicodedata.normalize("NFKC", words)
    return _BRACKETS.sub(" ", plain).strip(), [part.strip() for part in _BRACKETS.findall(plain)]
