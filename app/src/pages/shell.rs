//! The document around every page: head, headers, skip link, live region, and the script that wakes islands.

use axum::http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LINK, REFERRER_POLICY},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leptos::prelude::*;
use sha2::{Digest as _, Sha256};
use spectrum_domain::look::{Look, Theme};

use super::{
    ctx::{self, Assets, FrameAncestors},
    language::Words,
};

/// What differs from page to page outside its content.
#[derive(Debug)]
pub struct Head {
    /// The title, without the product's name.
    pub title: String,
    /// What the page's own script is.
    pub script: Script,
}

/// The script of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// None: the page has nothing to wake.
    None,
    /// The islands, after the first paint.
    Islands,
    /// Sends the page's only form.
    SendForm,
}

/// Loads the browser code once the page is painted and the browser idle, then hands every island to its function.
///
/// Written here and not taken from Leptos, whose script comes with preload links: those would fetch the code before the
/// first paint. A script that is let in by its hash may add another and may not import one, so the glue is added first and then
/// imported from what is there. `$$on_hydrate` is how an island's children know whose children they are.
const WAKE_ISLANDS: &str = r#"const wakeAll=async()=>{const m=await import("JS");await m.default({module_or_path:"WASM"});m.hydrate();const wake=()=>{for(const el of document.querySelectorAll("leptos-island")){if(el.awake)continue;el.awake=1;el.parentElement.closest("leptos-children")?.$$on_hydrate?.();m[el.dataset.component]?.(el)}};wake();addEventListener("spectrum:swapped",wake)};const load=()=>{const s=document.createElement("script");s.type="module";s.src="JS";s.onload=wakeAll;document.head.append(s)};const idle=window.requestIdleCallback?f=>requestIdleCallback(f,{timeout:2e3}):f=>setTimeout(f,200);try{new PerformanceObserver((seen,o)=>{if(seen.getEntriesByName("first-contentful-paint").length){o.disconnect();idle(load)}}).observe({type:"paint",buffered:true})}catch{setTimeout(()=>idle(load),500)}"#;

/// Tells how the page is used, of members who agreed: which cards were in sight for a second or longer and which details were
/// opened, and whether the way to the plans was taken, once, when the page is left. Nothing else of it is looked at, and all that is sent are words of the closed set in
/// `domain/product_event.rs`. A card says what it is by `data-kind`.
const COUNT_USE: &str = r#"const d=document,all=[...d.querySelectorAll("[data-kind]")],now=()=>performance.now(),out=[],end=c=>{if(c.t)c.s=(c.s??0)+now()-c.t;c.t=null},io=new IntersectionObserver(e=>e.forEach(({target:c,intersectionRatio:r})=>r<.5?end(c):c.t??=now()),{threshold:.5}),look=()=>all.forEach(c=>io.observe(c));look();d.addEventListener("toggle",({target:t})=>{const c=t.closest("[data-kind]");if(t.open)c?out.push({name:"card_why_opened",card_kind:c.dataset.kind}):t.closest("figure")&&out.push({name:"table_opened",screen:location.pathname.split("/")[2]})},true);d.addEventListener("click",({target:t})=>{const c=t.closest("[data-host]")?.closest("[data-teaser-variant]")?.dataset;c&&out.push({name:"teaser_tapped",teaser_variant:c.teaserVariant,screen:c.teaserScreen})});d.addEventListener("visibilitychange",()=>{if(!d.hidden)return look();io.disconnect();all.forEach((c,i)=>{end(c);const s=c.s/1e3;if(s>=1){c.s=NaN;out.push({name:"card_viewed",card_kind:c.dataset.kind,position:i+1,dwell:s<2?"under_2s":s<10?"2_to_10s":s<30?"10_to_30s":"over_30s"})}});while(out[0])navigator.sendBeacon("/api/v1/product-events",new Blob([JSON.stringify({events:out.splice(0,50)})],{type:"application/json"}))})"#;

const SEND_FORM: &str = "document.forms[0].submit()";

/// What speaks with the app of a host that shows the pages inside it; docs/webview.md is its contract.
const BRIDGE: &str = include_str!("bridge.js");

/// A page that the browser had laid aside whole is asked for again when it comes back: it may be another by now, or nobody's.
const AGAIN: &str = r#"addEventListener("pageshow",e=>{if(e.persisted)location.reload()})"#;

/// Has a browser show a page of ours where there is no network.
const STAND_BY: &str = r#"addEventListener("load",()=>navigator.serviceWorker?.register("/sw.js").catch(()=>{}))"#;

/// What Leptos writes at the end of every page that has no resources, as none of ours has.
const LEPTOS: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

/// The whole document, in this language. `header` holds the heading of the page, `main` is what an island may put another in place of.
pub fn document<H, M, F>(words: Words, head: &Head, header: H, main: M, footer: F) -> impl IntoView + use<H, M, F>
where
    H: IntoView + 'static,
    M: IntoView + 'static,
    F: IntoView + 'static,
{
    live_document(words, head, None, header, main, footer)
}

/// The same, which a browser asks for again after so many seconds, where there are some: only a page whose reader chose that.
pub fn live_document<H, M, F>(
    words: Words,
    head: &Head,
    refresh: Option<u16>,
    header: H,
    main: M,
    footer: F,
) -> impl IntoView + use<H, M, F>
where
    H: IntoView + 'static,
    M: IntoView + 'static,
    F: IntoView + 'static,
{
    // Erased, as every section of a page is: a whole page as one type is too deep for the compiler.
    let (header, main, footer) = (header.into_any(), main.into_any(), footer.into_any());
    let (assets, known) = (ctx::assets(), ctx::look());
    let look = known.unwrap_or_default();
    let mut scripts: Vec<String> = assets.as_ref().and_then(|assets| script(head.script, assets)).into_iter().collect();
    if ctx::is_counted() {
        scripts.push(COUNT_USE.to_owned());
    }
    if known.is_some() {
        scripts.push(AGAIN.to_owned());
    }
    match known {
        Some(Look { webview: true, .. }) => scripts.push(BRIDGE.trim().to_owned()),
        Some(_) => scripts.push(STAND_BY.to_owned()),
        None => {}
    }
    let size = (look.font.percent() != 100).then(|| format!("html{{font-size:{}%}}", look.font.percent()));
    protect(&scripts, size.as_deref());
    if let Some(sheet) = assets.as_ref().and_then(|assets| preload(&assets.css)) {
        ctx::header(LINK, sheet);
    }
    let FrameAncestors(ancestors) = ctx::frame_ancestors();
    let hosts = (look.webview && &*ancestors != "'none'").then(|| ancestors.to_string());
    let (schemes, around) = colours(look.theme);
    let theme = (look.theme != Theme::System).then(|| look.theme.name());
    let read_only =
        ctx::read_only().then(|| view! { <p class="read-only" role="note">{words.say("page-read-only")}</p> });
    let scripts: Vec<_> =
        scripts.into_iter().map(|script| view! { <script type="module" inner_html=script></script> }).collect();
    let links = assets.map(|Assets { css, icon, manifest, .. }| {
        view! {
            <link rel="stylesheet" href=css/>
            <link rel="icon" href=icon type="image/svg+xml"/>
            <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
            <link rel="manifest" href=manifest/>
        }
    });
    let style = size.map(|size| view! { <style inner_html=size></style> }.into_any());
    // One place for both: a page that has neither is what it was without them.
    let more = match refresh {
        Some(seconds) => Some(view! { <meta http-equiv="refresh" content=seconds.to_string()/>{style} }.into_any()),
        None => style,
    };
    let title = format!("{} · Spectrum", head.title);
    view! {
        <!DOCTYPE html>
        <html
            lang=words.tag()
            dir=words.direction()
            data-theme=theme
            data-view=look.webview.then_some("webview")
            data-hosts=hosts
        >
            <head>
                <meta charset="utf-8"/>
                <title>{title}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content=schemes/>
                // The first that fits counts.
                {around.map(|colour| view! { <meta name="theme-color" content=colour/> })}
                <meta name="theme-color" content="#fbf8f4" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#161311" media="(prefers-color-scheme: dark)"/>
                <meta name="description" content=words.say("page-description")/>
                <meta name="robots" content="noindex"/>
                {links}
                {more}
            </head>
            <body>
                <a class="skip" href="#main">{words.say("page-skip")}</a>
                {read_only}
                {header}
                <main id="main" tabindex="-1">{main}</main>
                {footer}
                <p id="announcer" class="unseen" role="status"></p>
                {scripts}
            </body>
        </html>
    }
}

fn script(script: Script, assets: &Assets) -> Option<String> {
    match script {
        Script::None => None,
        Script::SendForm => Some(SEND_FORM.to_owned()),
        Script::Islands => {
            let (js, wasm) = (assets.js.as_ref()?, assets.wasm.as_ref()?);
            Some(WAKE_ISLANDS.replace("JS", js).replacen("WASM", wasm, 1))
        }
    }
}

/// What a theme that is chosen has the browser draw with: its schemes, and the colour of what lies around the page.
const fn colours(theme: Theme) -> (&'static str, Option<&'static str>) {
    match theme {
        Theme::System => ("light dark", None),
        Theme::Light => ("light", Some("#fbf8f4")),
        Theme::Dark => ("dark", Some("#161311")),
    }
}

/// Tells of the style sheet before the page is read; a proxy may send it on as an early hint.
fn preload(css: &str) -> Option<HeaderValue> {
    let policy = format!("<{css}>; rel=preload; as=style");
    HeaderValue::from_str(&policy).ok()
}

/// A piece of script or style as a policy names it: by what it is.
fn source(text: &str) -> String {
    format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// The headers that keep the page from running, framing or leaking what it should not.
///
/// The policy is a header and not a `<meta>`, where `frame-ancestors` would be ignored. It lets scripts in by their hashes and
/// not by a nonce: a page with a nonce must not be stored, and a member's page may be (docs/speed.md). Whether this one is, the
/// server says; as long as it says nothing, it is not.
fn protect(scripts: &[String], style: Option<&str>) {
    let all = scripts.iter().map(String::as_str).chain(LEPTOS);
    let script: String = all.map(source).collect();
    let style = style.map(source).unwrap_or_default();
    let FrameAncestors(ancestors) = ctx::frame_ancestors();
    let policy = format!(
        "default-src 'none'; script-src{script} 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'{style}; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}; object-src 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        ctx::header(CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        ctx::header(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use spectrum_domain::product_event::{Dwell, RECORDED};

    use super::*;

    #[test]
    fn what_counts_use_is_small_and_speaks_the_closed_vocabulary() {
        assert!(COUNT_USE.len() <= 1280, "{} bytes", COUNT_USE.len());
        assert!(!COUNT_USE.contains("</"), "it would end its own element");
        for dwell in Dwell::ALL {
            assert!(COUNT_USE.contains(&format!("\"{}\"", dwell.name())), "{dwell:?}");
        }
        let named: Vec<&str> = COUNT_USE.split("name:\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(named, ["card_why_opened", "table_opened", "teaser_tapped", "card_viewed"]);
        assert!(named.iter().all(|name| RECORDED.iter().any(|(_, known)| known == name)));
    }

    #[test]
    fn what_speaks_with_the_host_is_small() {
        assert!(BRIDGE.len() <= 1536, "{}", BRIDGE.len());
    }
}
