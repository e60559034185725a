"""How a report page looks on the screen and on A4 paper."""

from __future__ import annotations

from ..text import Text

_SCREEN = """
body{font:15px/1.6 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",system-ui,sans-serif}
body{max-width:1100px;margin:1.5em auto;padding:0 1em}
table{border-collapse:collapse;margin:.5em 0 1em}table.wide{width:100%}table.wide th{min-width:2.6em}
th,td{border:1px solid #8888;padding:.25em .7em;text-align:left;vertical-align:top;min-width:3em}th{min-width:4em}
td{overflow-wrap:anywhere}tbody th{white-space:nowrap}
td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.whole{white-space:nowrap}th{background:#8882}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:1.4em}
small{display:block;color:#555;line-height:1.35}sup{line-height:0}
a{color:inherit;text-decoration-color:#8888}
.caution{border-left:4px solid #d55e00;padding-left:.7em}input[name=language]{margin-left:1em}
.tiles{display:flex;flex-wrap:wrap;gap:.8em;margin:.8em 0}
.tiles div{border:1px solid #8888;border-left-width:5px;padding:.15em 1.2em;min-width:7em}
.tiles b{font-size:1.6em;line-height:1.3;margin-right:.4em}
.beside{display:flex;flex-wrap:wrap;gap:0 1.2em;align-items:flex-start}
.beside>h2,.beside>p{flex-basis:100%}.beside>table{flex:1 1 0;min-width:24em}.beside>.tiles{order:2}
.sign{display:flex;gap:2em;margin:1.6em 0 0}.sign span{flex:1;border-bottom:1px solid #555}.sign span span{border:0}
.map{display:flex;gap:1.2em;margin:.5em 0;align-items:flex-start}
.map>svg{flex:0 1 auto;min-width:0;width:min(100%,calc(78vh*var(--wide)));height:auto}
.map>div{flex:1 0 15em;font-size:.9em}.map ul{list-style:none;margin:.3em 0 .8em;padding:0}
.map li{padding-left:26px;text-indent:-26px;line-height:1.7}
.map li>svg{vertical-align:-3px;margin-right:6px;text-indent:0}
svg text{font-family:"Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif}
#en:checked~main [lang=zh],#zh:checked~main [lang=en]{display:none}
"""
# Named pages, because the words at the foot follow the language that the reader has chosen.
_PAPER = """
@page{size:A4 landscape;margin:11mm 12mm 13mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}
@page chinese{@bottom-left{content:"CHINESE";font:8pt "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif}}
@page english{@bottom-left{content:"ENGLISH";font:8pt "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif}}
#zh:checked~main{page:chinese}#en:checked~main{page:english}
@media print{
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:8.8pt;line-height:1.4;max-width:none;margin:0;padding:0}
input[name=language],input[name=language]+label,.screen{display:none}
th,td{padding:.15em .45em;min-width:2.2em}th{min-width:2.6em}
thead{display:table-header-group}tr,figure,.tiles,.sign,.caution{break-inside:avoid}
h1,h2,h3,p:has(+table){break-after:avoid}
h1{margin:0 0 .2em;font-size:1.4em}h2{margin:.7em 0 .3em}p{margin:.4em 0;orphans:2;widows:2}
section.page{break-before:page}section.page>h2{margin-top:0}
.map>svg{width:min(100%,calc(150mm*var(--wide)))}.small>.map>svg{width:min(100%,calc(90mm*var(--wide)))}
a{text-decoration:none}.tiles{margin:.5em 0}.sign{margin-top:.9em}
}
"""


def style(title: Text) -> str:
    """Give the style sheet; printed pages bear the title at their foot."""
    return _SCREEN + _PAPER.replace("CHINESE", _quoted(title.zh)).replace("ENGLISH", _quoted(title.en))


def _quoted(words: str) -> str:
    """Write words so that they may stand between the quotes of a style sheet inside a page."""
    return "".join(f"\\{ord(letter):x} " if letter in '\\"<>&\n\r\f' else letter for letter in words)
