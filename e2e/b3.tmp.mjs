import { chromium } from 'playwright-core';
const base='http://demo.localhost:8185';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args:['--no-sandbox'] });
const lctx = await browser.newContext({ viewport:{width:1200,height:1000}});
const l = await lctx.newPage(); l.setDefaultTimeout(20000);
l.on('response', r => { if (r.status()>=400) console.log('L', r.status(), r.url()); });
l.on('console', m => { if (m.type()==='error') console.log('console:', m.text().slice(0,300)); });
await l.goto(base+'/sign-in'); await l.fill('input[type=email]','apprenant@demo.test'); await l.fill('input[type=password]','preau-demo-2026'); await l.press('input[type=password]','Enter'); await l.waitForURL(u=>!u.pathname.startsWith('/sign-in'));
await l.goto(base+'/courses/the-unix-shell');
await l.screenshot({path:'/tmp/i5.png', fullPage:true});
const lessons = await l.$$eval('main a[href*="/activities/"]', as=>[...new Set(as.map(a=>a.getAttribute('href')))]); console.log(lessons.length);
let images=0, broken=0;
for (const [i,h] of lessons.entries()) { await l.goto(base+h); 
  const r = await l.$$eval('.prose img', async imgs => { const out=[]; for (const i of imgs){ i.loading='eager'; if(!i.complete) await new Promise(d=>{i.onload=i.onerror=d}); out.push([i.naturalWidth,i.getAttribute('width'),i.getAttribute('alt')?.slice(0,30)]);} return out; });
  images+=r.length; broken+=r.filter(x=>!x[0]).length; if (r.length) console.log(await l.title(), JSON.stringify(r));
  const internal = await l.$$eval('.prose a', as=>as.map(a=>a.getAttribute('href')).filter(h=>h.startsWith('/')||h.startsWith('#')));
  let anchors=0; for (const x of internal) { if (x.startsWith('#')) { anchors++; const ok = await l.evaluate(x=>!!document.getElementById(decodeURIComponent(x.slice(1))),x); if(!ok) console.log('dead anchor',x);} else { const res = await l.evaluate(async x=>{const r=await fetch(x); return [r.status,r.headers.get('content-type'),r.headers.get('content-disposition'),r.headers.get('content-length'), r.headers.get('x-content-type-options')]}, x); console.log('link',x,JSON.stringify(res)); } }
  if (anchors) console.log(anchors,'anchors ok');
  if (i===3) { await l.screenshot({path:'/tmp/i6.png', fullPage:true}); }
}
console.log({images,broken});
await browser.close();
