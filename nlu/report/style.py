"""The page's style sheet."""

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--faint:#59636e;--line:#d0d7de;--good:#1a7f64;--bad:#c2410c;
--wash:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--paper:#0f1419;--ink:#e6edf3;--faint:#9aa4af;--line:#30363d;--good:#3fb993;
--bad:#f0884d;--wash:#171d24}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,"Noto Sans KR","Apple SD Gothic Neo",
"Malgun Gothic",sans-serif;word-break:keep-all;overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:32px 20px 80px}
h1{font-size:1.75rem;line-height:1.3;margin:0 0 4px}
h2{font-size:1.2rem;margin:40px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h2 small{font-weight:400;color:var(--faint)}
.faint{color:var(--faint)}.good{color:var(--good)}.bad{color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin-top:20px}
.tile{background:var(--wash);border:1px solid var(--line);border-radius:10px;padding:12px 14px;display:flex;
flex-direction:column}
.tile span{color:var(--faint);font-size:.85rem}.tile b{font-size:1.5rem;font-variant-numeric:tabular-nums}
.tile i,td i{font-style:normal;font-size:.85rem}
table{width:100%;border-collapse:collapse;font-size:.93rem}
th,td{text-align:left;padding:7px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--faint);font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums}
.place{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.8rem;color:var(--faint)}
.level{white-space:nowrap;border-radius:99px;padding:1px 9px;font-size:.8rem;border:1px solid var(--line)}
.level.error{color:var(--bad);border-color:var(--bad)}
.bar{height:4px;border-radius:2px;background:var(--line);margin-top:3px}
.bar div{height:4px;border-radius:2px;background:var(--good)}
details{border:1px solid var(--line);border-radius:10px;padding:8px 14px;margin:8px 0}
summary{cursor:pointer}
ul{margin:8px 0;padding-left:20px}li{margin:2px 0}
figure{margin:0;overflow-x:auto}figure svg{max-width:100%;height:auto}figure.wide svg{max-width:none}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:0 32px}
@media print{:root{--paper:#fff;--ink:#000;--faint:#444;--line:#bbb;--good:#1a7f64;--bad:#b3380b;--wash:#fff}
main{max-width:none;padding:0}h2{break-after:avoid}tr,.tile,figure{break-inside:avoid}figure.wide svg{max-width:100%}
details::details-content{content-visibility:visible}body{font-size:11pt}}
"""
