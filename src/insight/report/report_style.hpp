/// How the report looks: on screens by day and night, on phones, on paper.
#pragma once

#include <string_view>

namespace emptor {

inline constexpr std::string_view report_style = R"css(
:root{--paper:#faf9f6;--card:#fff;--ink:#1d2127;--muted:#5c6570;--line:#e4e0d8;--accent:#1f5f8b;--tint:31 95 139;
--second:#b8642f;--on:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#13161a;--card:#1a1e24;--ink:#e9e7e2;--muted:#a0a9b4;--line:#2d333c;
--accent:#78b7e2;--tint:120 183 226;--second:#e49a66;--on:#0e1216}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.55;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
font-size:16px;font-variant-numeric:tabular-nums}
main{max-width:1040px;margin:0 auto;padding:48px 28px 72px}
header{border-bottom:2px solid var(--ink);padding-bottom:22px;margin-bottom:34px}
h1{font-size:2.3rem;line-height:1.15;margin:0 0 8px;letter-spacing:-.015em;font-weight:650}
h2{font-size:1.35rem;margin:0 0 6px;letter-spacing:-.005em;font-weight:650}
p{margin:0 0 14px}
.lead,.note,figcaption{color:var(--muted)}
html:lang(zh) body{line-height:1.7}
.lead{max-width:78ch;margin-bottom:18px}
.note{font-size:.85rem}
nav{margin-top:16px;font-size:.9rem}
nav a{color:var(--accent);text-decoration:none;margin-right:18px;display:inline-block;padding:3px 0}
nav a:hover,nav a:focus{text-decoration:underline}
section{margin:0 0 52px}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:0 0 26px}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:15px 17px}
.tile{flex:1 1 170px}.tile.wide{flex:2 1 320px}
.tile dt{color:var(--muted);font-size:.84rem}
.tile dd{margin:3px 0 0;font-size:1.55rem;font-weight:600;line-height:1.2;letter-spacing:-.01em}
.tile dd.note{font-size:.82rem;font-weight:400;margin-top:5px;letter-spacing:0;line-height:1.4}
dl{margin:0}
figure{margin:0 0 14px}
figure.card{padding:18px 18px 10px}
figcaption{font-size:.9rem;margin-bottom:8px}
svg{display:block;width:100%;height:auto;font-family:inherit}
svg text{fill:var(--muted);font-size:12px}
svg .grid{stroke:var(--line);stroke-width:1}
.a{fill:var(--accent)}.b{fill:var(--second)}
svg .line{fill:none;stroke:var(--accent);stroke-width:2}
svg .line.second{stroke:var(--second);stroke-dasharray:6 4}
svg .border{stroke:var(--muted);stroke-dasharray:2 4}
.key{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin:0 6px 0 14px;background:var(--accent)}
.key:first-child{margin-left:0}
.key.second{background:var(--second)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px}
.scroll+.scroll{margin-top:12px}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:9px 14px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--muted);font-weight:500;font-size:.82rem;white-space:nowrap}
tbody th{font-weight:550}tbody th .note,tbody th code{font-weight:400}
.n{text-align:right;white-space:nowrap}
tr.sum th,tr.sum td{border-top:2px solid var(--line);font-weight:600}
code{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;font-size:.86em;color:var(--muted)}
details{margin:0 0 14px}
summary{cursor:pointer;color:var(--accent);font-size:.9rem;padding:6px 0}
.rfm{display:grid;grid-template-columns:auto repeat(5,1fr);gap:5px;margin:0 0 22px}
.rfm div{border-radius:8px;padding:10px 11px;min-height:86px;border:1px solid var(--line)}
.rfm .axis{border:0;min-height:0;padding:2px 6px;color:var(--muted);font-size:.82rem;align-self:center;background:none}
.rfm .axis.top{text-align:center}
.rfm b{display:block;font-size:1.2rem;font-weight:650;line-height:1.25}
.rfm span{display:block;font-size:.8rem;line-height:1.3;overflow-wrap:anywhere}
.h0{background:var(--card);color:var(--muted)}
.h1{background:rgb(var(--tint)/.07)}.h2{background:rgb(var(--tint)/.15)}.h3{background:rgb(var(--tint)/.25)}
.h4{background:rgb(var(--tint)/.37)}.h5{background:rgb(var(--tint)/.86);color:var(--on)}
.h6{background:var(--accent);color:var(--on)}
.quad{display:grid;grid-template-columns:auto 1fr 1fr;gap:8px}
.quad .axis{color:var(--muted);font-size:.86rem;align-self:center;padding:2px 6px}
.quad .axis.top{text-align:center}
.quad b{display:block;font-size:1.5rem;font-weight:650;line-height:1.25}
.quad .card.warn{border-color:var(--second);box-shadow:inset 3px 0 0 var(--second)}
ol.next{list-style:none;margin:0;padding:0;counter-reset:step}
ol.next li{counter-increment:step;display:grid;grid-template-columns:2.4rem 1fr;padding:14px 4px;border-top:1px solid var(--line)}
ol.next li::before{content:counter(step);font-weight:650;color:var(--accent);font-size:1.15rem}
ol.next li:first-child{border-top:0}
ol.next p{margin:0}
.spark{display:inline-block;height:.55em;border-radius:2px;background:var(--accent);vertical-align:middle;min-width:1px}
td.bar{width:20%;min-width:100px;vertical-align:middle}
footer{border-top:1px solid var(--line);padding-top:18px;color:var(--muted);font-size:.85rem}
@media (max-width:640px){main{padding:26px 14px 48px}h1{font-size:1.7rem}h2{font-size:1.2rem}
.tile{flex:1 1 40%}.tile.wide{flex:1 1 100%}figure.card{overflow-x:auto}svg{min-width:600px}svg text{font-size:17px}
.tile dd{font-size:1.22rem}.rfm{gap:3px}
.rfm div{padding:6px 5px;min-height:66px;border-radius:6px}.rfm b{font-size:.98rem}.rfm span{font-size:.66rem}
.rfm .axis{padding:0 2px;font-size:.68rem}th,td{padding:8px 9px}.quad .card{padding:10px 11px}.quad b{font-size:1.15rem}
.quad .axis{font-size:.76rem;padding:0}section{margin-bottom:38px}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--muted:#444;--line:#ccc;--accent:#1f5f8b;--tint:31 95 139;
--second:#b8642f;--on:#fff}body{font-size:11pt}main{max-width:none;padding:0}nav,details{display:none}
section{margin-bottom:26pt}figure,.tiles,.rfm,.quad,tr,li{break-inside:avoid}h2,.lead{break-after:avoid}.scroll{overflow:visible}}
)css";

}  // namespace emptor
