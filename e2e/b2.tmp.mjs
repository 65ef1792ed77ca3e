import { chromium } from 'playwright-core';
const base='http://demo.localhost:8185';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args:['--no-sandbox'] });
const ctx = await browser.newContext({ viewport:{width:1200,height:1000}, storageState:'/tmp/b-state.json' });
const page = await ctx.newPage(); page.setDefaultTimeout(20000);
page.on('response', r => { if (r.status()>=400) console.log(r.status(), r.url()); });
await page.goto(base+'/studio'); await page.getByRole('link',{name:/Unix Shell/}).first().click(); await page.waitForURL(/studio\/courses\/[0-9a-f-]{36}/);
const url=page.url(); console.log(url);
await page.screenshot({path:'/tmp/i3.png'});
await page.getByRole('button',{name:/Publier/}).first().click(); await page.waitForTimeout(800);
const dialog = page.getByRole('dialog'); if (await dialog.count()) await dialog.getByRole('button',{name:/Publier/}).click().catch(()=>{});
await page.waitForTimeout(3000); console.log((await page.innerText('main')).slice(0,600));
// self enrolment via settings
await page.goto(url+'/settings'); console.log((await page.innerText('main')).slice(0,900));
for (const box of await page.$$('main input[type=checkbox]')) { if(!(await box.isChecked())) await box.check(); }
await page.locator('main form').getByRole('button',{name:/nregistrer/}).first().click(); await page.waitForTimeout(2000);
await page.screenshot({path:'/tmp/i4.png', fullPage:true});
const lctx = await browser.newContext({ viewport:{width:1200,height:1000}});
const l = await lctx.newPage(); l.setDefaultTimeout(20000);
l.on('response', r => { if (r.status()>=400) console.log('L', r.status(), r.url()); });
l.on('console', m => { if (m.type()==='error') console.log('console:', m.text().slice(0,300)); });
await l.goto(base+'/sign-in'); await l.fill('input[type=email]','apprenant@demo.test'); await l.fill('input[type=password]','preau-demo-2026'); await l.press('input[type=password]','Enter'); await l.waitForURL(u=>!u.pathname.startsWith('/sign-in'));
await l.goto(base+'/catalogue'); await l.getByRole('link',{name:/Unix Shell/}).first().click(); await l.waitForURL(/courses\//);
console.log(await l.url());
await l.getByRole('button',{name:/nscrire|inscris/}).first().click(); await l.waitForTimeout(2500);
await l.screenshot({path:'/tmp/i5.png', fullPage:true});
const lessons = await l.$$eval('main a[href*="/activities/"]', as=>[...new Set(as.map(a=>a.getAttribute('href')))]); console.log(lessons.length);
let images=0, broken=0;
for (const [i,h] of lessons.entries()) { await l.goto(base+h); 
  const r = await l.$$eval('article img, main img', async imgs => { const out=[]; for (const i of imgs){ i.loading='eager'; if(!i.complete) await new Promise(d=>{i.onload=i.onerror=d}); out.push([i.naturalWidth,i.getAttribute('width'),i.getAttribute('alt')?.slice(0,30)]);} return out; });
  images+=r.length; broken+=r.filter(x=>!x[0]).length; if (r.length) console.log(await l.title(), JSON.stringify(r));
  const internal = await l.$$eval('main .prose a', as=>as.map(a=>a.getAttribute('href')).filter(h=>h.startsWith('/')||h.startsWith('#'))); for (const x of internal.slice(0,40)) { if (x.startsWith('#')) { const ok = await l.evaluate(x=>!!document.getElementById(decodeURIComponent(x.slice(1))),x); if(!ok) console.log('dead anchor',x);} else { const res = await lctx.request.get(base+x.split('#')[0]); console.log('link',x,res.status(),res.headers()['content-type'], res.headers()['content-disposition']); } }
  if (i===3) await l.screenshot({path:'/tmp/i6.png', fullPage:false, clip:{x:0,y:0,width:1200,height:1000}});
}
console.log({images,broken});
await lctx.storageState({path:'/tmp/b-learner.json'});
await browser.close();
