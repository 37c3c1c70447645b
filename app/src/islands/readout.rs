//! Says what a mark of a picture stands for when it is touched, in the words of the table behind the picture.

use leptos::{ev::PointerEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, NodeList};

/// How far from a mark's middle a finger still means it, in CSS pixels: half of what a finger covers.
const REACH: f64 = 24.0;

/// Reads the row of the nearest mark into the line below the picture.
///
/// # Props
/// `children`: the picture, whose marks are `.mark` or, where a whole column means it, `.day`; and below it the empty line
/// `.readout`. In the table of the same figure the rows with `data-mark` are theirs, in the same order. There are no other props, so
/// the browser needs no JSON.
///
/// # Server-side rendering
/// The picture and the empty line. Nothing depends on a signal.
///
/// # Without script
/// The picture, and the table behind it: nothing is read out that does not stand there, so a screen reader is told nothing twice.
#[island]
pub fn Readout(children: Children) -> impl IntoView {
    view! {
        <div class="touched" on:pointerdown=|event| read(&event) on:pointermove=|event| read(&event)>
            {children()}
        </div>
    }
}

fn read(event: &PointerEvent) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    _ = read_near(&target, (f64::from(event.client_x()), f64::from(event.client_y())));
}

/// Nothing where the figure is not built as it should be.
fn read_near(target: &Element, finger: (f64, f64)) -> Option<()> {
    let (host, figure) = (target.closest(".touched").ok()??, target.closest("figure").ok()??);
    let marks = host.query_selector_all(".mark, .day").ok()?;
    let rows = figure.query_selector_all("tr[data-mark]").ok()?;
    let line = host.query_selector(".readout").ok()??;
    let nearest = elements(&marks)
        .enumerate()
        .map(|(at, mark)| (distance(&mark, finger), at, mark))
        .filter(|(distance, ..)| *distance <= REACH)
        .min_by(|one, other| one.0.total_cmp(&other.0));
    if let Ok(Some(before)) = host.query_selector(".touched-mark") {
        _ = before.class_list().remove_1("touched-mark");
    }
    let text = nearest.and_then(|(_, at, mark)| {
        _ = mark.class_list().add_1("touched-mark");
        said(&figure, &elements(&rows).nth(at)?)
    });
    line.set_text_content(text.as_deref());
    Some(())
}

/// A row as a sentence: what it is about, and each figure under the name of its column.
fn said(figure: &Element, row: &Element) -> Option<String> {
    let columns = figure.query_selector_all("th[scope=col]").ok()?;
    let cells = row.children();
    let mut words = Vec::new();
    for at in 0..cells.length() {
        // Where a sign is seen and a word is heard, it is the word.
        let cell = cells.item(at)?;
        let cell = cell.query_selector(".unseen").ok()?.unwrap_or(cell).text_content()?;
        let name = columns.item(at)?.text_content()?;
        words.push(if at == 0 { cell } else { format!("{name} {cell}") });
    }
    Some(words.join(" · "))
}

/// From the middle of a mark; of a column only sideways.
fn distance(mark: &Element, (x, y): (f64, f64)) -> f64 {
    let place = mark.get_bounding_client_rect();
    let across = place.left() + place.width() / 2.0 - x;
    let down = if mark.class_list().contains("day") { 0.0 } else { place.top() + place.height() / 2.0 - y };
    across.hypot(down)
}

fn elements(nodes: &NodeList) -> impl Iterator<Item = Element> {
    (0..nodes.length()).filter_map(|at| nodes.item(at)?.dyn_into().ok())
}
