//! Leaves a session out, or takes it in again, without losing the reader's place.

use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CustomEvent, Document, DomParser, Element, FormData, HtmlElement, HtmlFormElement, RequestInit, Response,
    SupportedType, UrlSearchParams, Window,
};

/// Sends the form it holds and puts the answered page in the place of the one that is shown.
///
/// # Props
/// `children`: one `<form method="post">` with a hidden `session_id` and one button, whose `data-pending` is what the
/// button says while the request is under way, and `data-failed` what is said when the change could not be made: true whether
/// the request was lost or refused. There are no other props, so the browser needs no JSON.
///
/// # Server-side rendering
/// The form with an empty place for a failure beside it. Nothing depends on a signal.
///
/// # Without script
/// The form posts, the server changes the session and redirects to the week, which says what changed.
#[island]
pub fn ExcludeControl(children: Children) -> impl IntoView {
    view! {
        <div class="control" on:submit=|event| on_submit(&event)>
            {children()}
            <p class="control-failed" role="alert"></p>
        </div>
    }
}

fn on_submit(event: &SubmitEvent) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    event.prevent_default();
    // A button that is really disabled would lose the focus, and with it the reader's place.
    let Some(button) = form.query_selector("button:not([aria-disabled])").ok().flatten() else {
        return;
    };
    leptos::task::spawn_local(async move {
        let label = button.text_content();
        say_failed(&form, "");
        button.set_text_content(button.get_attribute("data-pending").as_deref());
        _ = button.set_attribute("aria-disabled", "true");
        if send(&form).await.is_err() {
            button.set_text_content(label.as_deref());
            _ = button.remove_attribute("aria-disabled");
            say_failed(&form, &button.get_attribute("data-failed").unwrap_or_default());
        }
    });
}

/// Posts the form and shows the answer; an error when nothing was changed or nobody can tell.
async fn send(form: &HtmlFormElement) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let document = window.document().ok_or(JsValue::NULL)?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&FormData::new_with_form(form)?.into())?;
    let session = fields.get("session_id").unwrap_or_default();
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&fields);
    let headers = web_sys::Headers::new()?;
    headers.set("Accept", "text/html")?;
    request.set_headers(&headers);
    let answer: Response =
        JsFuture::from(window.fetch_with_str_and_init(&form.action(), &request)).await?.dyn_into()?;
    if answer.status() >= 500 {
        return Err(JsValue::NULL);
    }
    if !answer.ok() {
        // Signed out meanwhile, or the like: that page says what to do.
        return window.location().assign(&answer.url());
    }
    let text = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    swap(&window, &document, &text, &session)
}

/// Puts the answered `<main>` in the place of the shown one, keeping scroll position and focus.
fn swap(window: &Window, document: &Document, text: &str, session: &str) -> Result<(), JsValue> {
    let answered = DomParser::new()?.parse_from_string(text, SupportedType::TextHtml)?;
    let (Some(new), Some(old)) = (answered.query_selector("main")?, document.query_selector("main")?) else {
        return Err(JsValue::NULL);
    };
    let (x, y) = (window.scroll_x()?, window.scroll_y()?);
    // What the reader opened stays open, so that nothing above the control moves.
    let open = old.query_selector_all("details")?;
    let details = new.query_selector_all("details")?;
    for index in 0..open.length().min(details.length()) {
        if let (Some(was), Some(now)) = (element(open.item(index)), element(details.item(index)))
            && was.has_attribute("open")
        {
            now.set_attribute("open", "")?;
        }
    }
    old.replace_with_with_node_1(&new)?;
    let control = format!("input[value='{session}']+button");
    let said = document.query_selector("#said")?;
    if let Some(place) = document.query_selector(&control)?.or_else(|| said.clone()) {
        place.unchecked_into::<HtmlElement>().focus()?;
    }
    window.scroll_to_with_x_and_y(x, y);
    if let (Some(said), Some(announcer)) = (said, document.query_selector("#announcer")?) {
        announcer.set_text_content(said.text_content().as_deref());
    }
    window.dispatch_event(&CustomEvent::new("spectrum:swapped")?.into())?;
    Ok(())
}

fn element(node: Option<web_sys::Node>) -> Option<Element> {
    node.map(JsCast::unchecked_into)
}

fn say_failed(form: &HtmlFormElement, text: &str) {
    if let Some(place) = form.closest(".control").ok().flatten().and_then(|c| c.query_selector("[role=alert]").ok()?) {
        place.set_text_content(Some(text));
    }
}
