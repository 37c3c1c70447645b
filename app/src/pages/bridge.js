{
const d=document.documentElement.dataset,hosts=(d.hosts||"").split(" ").filter(Boolean);
const ours=p=>typeof p==="string"&&/^\/spectrum(\/[\w-]+)*(\?[\w=&-]*)?$/.test(p);
const framers=()=>{const o=location.ancestorOrigins;return o?.length?hosts.filter(h=>h===o[0]):hosts};
const here=()=>location.pathname+location.search;
const say=(type,more)=>{
const m={source:"spectrum",version:1,type,...more},ios=window.webkit?.messageHandlers?.spectrum,android=window.Spectrum;
let heard=false;
if(ios)ios.postMessage(m),heard=true;
if(android?.postMessage)android.postMessage(JSON.stringify(m)),heard=true;
if(parent!==window)for(const h of framers())parent.postMessage(m,h),heard=true;
return heard};
const take=m=>{if(m?.type==="navigate"&&ours(m.path))location.assign(m.path)};
window.spectrumHost={receive:take};
addEventListener("message",e=>{if(e.source===parent&&hosts.includes(e.origin))take(e.data)});
addEventListener("click",e=>{
const a=e.target.closest?.("a[href],[data-host]");
if(!a||e.defaultPrevented)return;
if(a.dataset.host==="upgrade"){if(say("upgrade"))e.preventDefault();return}
const u=new URL(a.href),path=u.pathname+u.search;
if(u.origin!==location.origin)return;
if(/\.(svg|csv)$|\/archive$/.test(u.pathname)){if(say("share",{path}))e.preventDefault()}
else if(path!==here())say("navigate",{path})});
say("ready",{path:here(),title:document.title});
}
