/** The provider's own rules, over the house's tokens. */
export const style = `
*,::before,::after{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:flex;flex-direction:column}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;z-index:2;background:var(--surface);color:var(--ink);padding:.5rem 1rem;border-radius:var(--radius)}
.banner{margin:0;padding:.55rem 1.25rem;background:var(--accent-soft);color:var(--ink);border-bottom:1px solid var(--accent);text-align:center;font-weight:600;font-size:.95rem}
.top{display:flex;align-items:center;justify-content:space-between;gap:1rem;max-width:68rem;width:100%;margin:0 auto;padding:1rem clamp(1rem,4vw,2rem)}
.brand{display:inline-flex;align-items:center;gap:.6rem;font:650 1.2rem var(--face-heading);color:var(--ink)}
.green{fill:var(--brand)}.ochre{fill:var(--accent)}
a{color:var(--brand-text);text-underline-offset:.2em}
.top a{display:inline-flex;align-items:center;min-height:44px;padding:0 .25rem}
main{max-width:68rem;width:100%;margin:0 auto;padding:.5rem clamp(1rem,4vw,2rem) 4rem;flex:1}
h1{font-size:clamp(1.73rem,1.64rem + .39vw,2rem);margin:0 0 1.5rem}
h2{font-size:clamp(1.2rem,1.18rem + .09vw,1.25rem);margin:0 0 1rem}
p{margin:0 0 1rem}
.soft{color:var(--ink-soft)}
.narrow{max-width:36rem}
.two{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem}
@media (min-width:58rem){.two{grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:3rem;align-items:start}.two>aside{position:sticky;top:1.5rem}}
.card{background:var(--surface);border:1px solid var(--line);border-radius:var(--radius);padding:clamp(1rem,3vw,1.5rem);margin:0 0 1.5rem}
fieldset{border:0;margin:0 0 2rem;padding:0;min-width:0}
legend{font:650 1.2rem var(--face-heading);padding:0;margin:0 0 1rem;letter-spacing:-.015em}
.field{margin:0 0 1rem;min-width:0}
label{display:block;font-weight:600;margin:0 0 .35rem}
.hint{margin:.35rem 0 0;font-size:.9rem;color:var(--ink-soft)}
.fault{margin:.35rem 0 0;font-size:.9rem;color:var(--danger-text);font-weight:600}
input[type=text],input[type=password],input[type=number],select{width:100%;min-height:46px;padding:.55rem .75rem;font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--line-strong);border-radius:calc(var(--radius)*.8)}
input[aria-invalid=true]{border-color:var(--danger);border-width:2px}
input.code{font-variant-numeric:tabular-nums;letter-spacing:.03em}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
@media (max-width:26rem){.pair{grid-template-columns:minmax(0,1fr);gap:0}}
.inline{display:flex;gap:.5rem}.inline input{flex:1;min-width:0}
button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:46px;padding:.5rem 1.1rem;font:600 1rem var(--face-text);color:var(--ink);background:var(--surface);border:1px solid var(--line-strong);border-radius:calc(var(--radius)*.8);cursor:pointer;text-decoration:none;transition:background var(--duration) var(--ease)}
button:hover,.button:hover{background:var(--sunken)}
button.first,.button.first{background:var(--brand);border-color:var(--brand);color:var(--on-brand)}
button.first:hover,.button.first:hover{background:var(--brand-hover)}
button.danger{color:var(--danger-text);border-color:var(--danger)}
button.small{min-height:36px;padding:.25rem .75rem;font-size:.9rem}
button.wide{width:100%;min-height:52px;font-size:1.06rem}
button.link{border:0;background:none;color:var(--brand-text);text-decoration:underline;text-underline-offset:.2em;padding:.5rem}
.default{position:absolute;width:1px;height:1px;min-height:0;padding:0;border:0;overflow:hidden;clip-path:inset(50%)}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin:1rem 0 0}
.centre{text-align:center;margin:1rem 0 0}
.lines{list-style:none;margin:0;padding:0}
.lines li{display:grid;grid-template-columns:1fr auto;gap:.15rem 1rem;padding:.75rem 0;border-bottom:1px solid var(--line)}
.lines .what{font-weight:600;overflow-wrap:anywhere}.lines .how{font-size:.9rem;color:var(--ink-soft);grid-column:1}
.amount{font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}
.sums{margin:1rem 0 .5rem;display:grid;grid-template-columns:1fr auto;row-gap:.5rem}
.sums dd{padding-left:1rem}
.hint+form{margin:1.5rem 0 0}
.sums dt,.sums dd{margin:0}.sums .total{font-weight:700;font-size:1.2rem;padding-top:.75rem;border-top:1px solid var(--line)}
.notice{border:1px solid var(--info-line);background:var(--info-soft);color:var(--info-text);border-radius:var(--radius);padding:.85rem 1rem;margin:0 0 1.5rem}
.notice.good{border-color:var(--success-line);background:var(--success-soft);color:var(--success-text)}
.notice.bad{border-color:var(--danger-line);background:var(--danger-soft);color:var(--danger-text)}
.notice h2{font-size:1rem;margin:0 0 .25rem}.notice ul{margin:0;padding:0 0 0 1.1rem}.notice p{margin:0}.notice a{color:inherit}
.tests{list-style:none;margin:0;padding:0}
.tests li{display:grid;grid-template-columns:1fr auto;gap:.1rem 1rem;align-items:center;padding:.6rem 0;border-top:1px solid var(--line)}
.tests code{white-space:nowrap}
.tests button{grid-row:1/3;grid-column:2}
@media (min-width:34rem){.two>form .tests li{grid-template-columns:auto 1fr auto}.two>form .tests span{grid-column:2;grid-row:1}.two>form .tests button{grid-row:1;grid-column:3}}
details.card{padding-block:.5rem}
.scroll+.sums{margin-top:1.5rem}
.tests span{font-size:.9rem;color:var(--ink-soft);grid-column:1}
details summary{cursor:pointer;font-weight:600;min-height:44px;display:flex;align-items:center}
details summary::before{content:"";width:.5rem;height:.5rem;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(-45deg);margin-right:.75rem;transition:transform var(--duration) var(--ease)}
details[open] summary::before{transform:rotate(45deg)}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th,td{text-align:left;padding:.6rem .75rem .6rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-size:.9rem;color:var(--ink-soft);font-weight:600}
td.amount,th.amount{text-align:right;padding-right:0}
tbody tr:last-child td{border:0;padding-bottom:0}
td a,td code{white-space:nowrap}
td .actions{margin:0}
.badge{display:inline-block;font-size:.85rem;font-weight:600;padding:.1rem .55rem;border-radius:99px;border:1px solid var(--line);background:var(--sunken);white-space:nowrap}
.badge.good{background:var(--success-soft);border-color:var(--success-line);color:var(--success-text)}
.badge.bad{background:var(--danger-soft);border-color:var(--danger-line);color:var(--danger-text)}
.badge.warn{background:var(--warning-soft);border-color:var(--warning-line);color:var(--warning-text)}
.check{display:flex;gap:.6rem;align-items:center;min-height:44px;font-weight:400;margin:0}
.check input{width:1.2rem;height:1.2rem}
.parties{display:grid;gap:1.5rem;margin:0 0 2rem}
@media (min-width:34rem){.parties{grid-template-columns:1fr 1fr}}
.parties h2{font-size:.9rem;color:var(--ink-soft);margin:0 0 .25rem}
.parties p{margin:0;overflow-wrap:anywhere}
@media print{.banner,.top a,.noprint{display:none}body{background:#fff;color:#000}}
`;
