"""The page's style sheet: light, readable at the width of a laptop, and on paper."""

CSS = """
:root { --ink:#1f2933; --soft:#5f6f7e; --line:#dfe5ea; --paper:#fff; --tint:#f5f7f8;
        --accent:#1b6e53; --warn:#8a4b08; --warnbg:#fff6e5; }
* { box-sizing:border-box; }
body { margin:0; background:var(--tint); color:var(--ink);
       font:15px/1.55 -apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif; }
main { max-width:1080px; margin:0 auto; padding:36px 44px 56px; background:var(--paper); }
h1 { font-size:29px; line-height:1.2; margin:0 0 6px; letter-spacing:-.01em; }
h2 { font-size:19px; margin:44px 0 12px; padding-top:16px; border-top:1px solid var(--line); }
h3 { font-size:15px; margin:22px 0 8px; }
p { margin:8px 0; max-width:76ch; }
.sub { color:var(--soft); margin:0 0 18px; }
.banner { background:var(--warnbg); color:var(--warn); border:1px solid #f0cf94; border-radius:6px;
          padding:12px 16px; margin:18px 0; }
.banner strong { letter-spacing:.04em; }
.cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(300px,1fr)); gap:16px; }
.card { border:1px solid var(--line); border-radius:8px; padding:16px 20px 14px; }
.card h3 { margin:0 0 6px; color:var(--soft); font-weight:600; text-transform:capitalize; }
.big { font-size:34px; line-height:1.15; font-weight:650; font-variant-numeric:tabular-nums; }
.big small { font-size:14px; font-weight:400; color:var(--soft); margin-left:8px; }
.card p { margin:4px 0; color:var(--soft); font-size:14px; }
.card p b { color:var(--ink); font-weight:600; }
.grid { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:22px 24px; }
figure { margin:0; break-inside:avoid; }
figure img { display:block; width:100%; height:auto; border:1px solid var(--line); }
figure.plain img { border:0; }
figure.small { max-width:330px; margin-top:18px; }
figcaption { font-size:13.5px; margin-top:6px; color:var(--soft); }
figcaption b { color:var(--ink); font-weight:600; }
.legend { display:flex; flex-wrap:wrap; gap:6px 22px; margin:0 0 16px; padding:0; list-style:none;
          font-size:14px; }
.swatch { display:inline-block; width:13px; height:13px; border-radius:2px; margin-right:7px;
          vertical-align:-2px; border:1px solid rgba(0,0,0,.18); print-color-adjust:exact;
          -webkit-print-color-adjust:exact; }
table { border-collapse:collapse; width:100%; font-size:14px; margin:8px 0 10px;
        font-variant-numeric:tabular-nums; break-inside:avoid; }
th { text-align:right; font-weight:600; color:var(--soft); border-bottom:1px solid var(--ink);
     padding:5px 10px; }
td { text-align:right; padding:5px 10px; border-bottom:1px solid var(--line); }
th:first-child, td:first-child { text-align:left; padding-left:2px; }
td.none, .none { color:#98a5b0; }
.side { display:grid; grid-template-columns:minmax(0,1.05fr) minmax(0,1fr); gap:28px;
        align-items:start; }
ul { margin:8px 0; padding-left:20px; } li { margin:3px 0; max-width:80ch; }
.notes { color:var(--soft); font-size:14px; }
dl { display:grid; grid-template-columns:max-content 1fr; gap:4px 22px; margin:8px 0;
     font-size:14px; }
dt { color:var(--soft); } dd { margin:0; overflow-wrap:anywhere; }
footer { color:var(--soft); font-size:13px; margin-top:44px; border-top:1px solid var(--line);
         padding-top:12px; }
@media screen and (max-width:760px) { main { padding:22px 18px; }
         .grid,.side { grid-template-columns:1fr; } }
@media print { body { background:#fff; font-size:11px; } main { max-width:none; padding:0; }
         table,figcaption,.legend,.notes,dl,.card p { font-size:10px; } td,th { padding:3px 6px; }
         h2,h3 { break-after:avoid; } h2 { margin-top:22px; } footer { margin-top:12px; }
         .card,.side { break-inside:avoid; }
         .grid { gap:14px 16px; } .big { font-size:24px; } @page { margin:14mm; } }
"""
