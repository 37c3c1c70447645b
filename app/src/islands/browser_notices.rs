//! Has this browser told when a week is ready, once the member touches the button: nothing is asked for before.

use js_sys::{Array, Object, Reflect};
use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, MessageChannel, MessageEvent, Notification, NotificationPermission, ServiceWorkerRegistration};

/// Asks the browser whether it may, and has the service worker subscribe.
///
/// # Props
/// `children`: one button whose `data-key` is the public key to subscribe with, and whose other data say what came of it:
/// `data-working`, `data-on`, `data-denied`, `data-missing` and `data-failed`. There are no other props, so the browser needs no JSON.
///
/// # Server-side rendering
/// The button with an empty place for what came of it. Nothing depends on a signal.
///
/// # Without script
/// The button does nothing, and a line beside it says that it takes script.
#[island]
pub fn BrowserNotices(children: Children) -> impl IntoView {
    view! {
        <div class="control" on:click=|event| on_click(&event)>
            {children()}
            <p class="came-of-it" role="status"></p>
        </div>
    }
}

fn on_click(event: &MouseEvent) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Some(button) = target.closest("button:not([aria-disabled])").ok().flatten() else { return };
    _ = button.set_attribute("aria-disabled", "true");
    say(&button, "data-working");
    leptos::task::spawn_local(async move {
        let came = subscribe(&button).await.unwrap_or("data-failed");
        say(&button, came);
        if came != "data-on" {
            _ = button.remove_attribute("aria-disabled");
        }
    });
}

/// What came of it, by the name of the attribute that says so.
async fn subscribe(button: &Element) -> Result<&'static str, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    // On a phone of Apple's only a page that was put on the home screen has them.
    if !["Notification", "PushManager"].iter().all(|name| Reflect::has(&window, &(*name).into()).unwrap_or(false)) {
        return Ok("data-missing");
    }
    JsFuture::from(Notification::request_permission()?).await?;
    if Notification::permission() != NotificationPermission::Granted {
        return Ok("data-denied");
    }
    let ready = JsFuture::from(window.navigator().service_worker().ready()?).await?;
    let worker = ready.dyn_into::<ServiceWorkerRegistration>()?.active().ok_or(JsValue::NULL)?;
    let channel = MessageChannel::new()?;
    let answered = js_sys::Promise::new(&mut |resolve, _| {
        let answer = Closure::once_into_js(move |event: MessageEvent| {
            _ = resolve.call1(&JsValue::NULL, &event.data());
        });
        channel.port1().set_onmessage(Some(answer.unchecked_ref()));
    });
    let message = Object::new();
    Reflect::set(&message, &"subscribe".into(), &button.get_attribute("data-key").unwrap_or_default().into())?;
    worker.post_message_with_transferable(&message, &Array::of1(&channel.port2()))?;
    Ok(if JsFuture::from(answered).await?.as_bool() == Some(true) { "data-on" } else { "data-failed" })
}

fn say(button: &Element, what: &str) {
    let control = button.closest(".control").ok().flatten();
    let line = control.and_then(|control| control.query_selector(".came-of-it").ok().flatten());
    if let Some(line) = line {
        line.set_text_content(button.get_attribute(what).as_deref());
    }
}
