//! Showing how far a long step is: a bar on a terminal, a plain line every tenth elsewhere, nothing where none is wanted.

use std::{
    io::{IsTerminal, Write, stderr},
    sync::{Mutex, PoisonError},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where progress is shown.
#[derive(Debug)]
pub struct Progress {
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Nothing,
    Bar(ProgressBar),
    /// The step that is on and the last tenth told of it.
    Lines(Mutex<(String, usize)>),
}

impl Progress {
    /// On standard error, as fits it.
    pub fn on_stderr() -> Self {
        let shown = if stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            // A template that can't be read would leave indicatif's own, which serves.
            if let Ok(style) = ProgressStyle::with_template("{msg:<24} [{bar:32}] {pos}/{len} {eta}") {
                bar.set_style(style.progress_chars("=> "));
            }
            Shown::Bar(bar)
        } else {
            Shown::Lines(Mutex::new((String::new(), 0)))
        };
        Self { shown }
    }

    /// Nowhere: for `--json`.
    pub const fn silent() -> Self {
        Self { shown: Shown::Nothing }
    }

    /// Tells how far a step is.
    pub fn report(&self, step: &str, done: usize, total: usize) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                if bar.message() != step {
                    bar.reset();
                    bar.set_message(step.to_owned());
                }
                bar.set_length(total.try_into().unwrap_or(u64::MAX));
                bar.set_position(done.try_into().unwrap_or(u64::MAX));
            }
            Shown::Lines(told) => {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(line) = next_line(&mut told, step, done, total) {
                    // Progress that can't be written is no reason to stop.
                    let _ = writeln!(stderr(), "{line}");
                }
            }
        }
    }

    /// Clears the bar, so that what is printed next stands alone.
    pub fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

/// The line to print, if a new tenth is reached.
fn next_line(told: &mut (String, usize), step: &str, done: usize, total: usize) -> Option<String> {
    let tenth = (done * 10).checked_div(total).unwrap_or(0).min(10);
    let new_step = told.0 != step;
    if !new_step && tenth <= told.1 {
        return None;
    }
    *told = (step.to_owned(), tenth);
    Some(format!("{step}: {done} of {total}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_every_tenth_and_at_each_new_step() {
        let mut told = (String::new(), 0);
        let lines: Vec<_> = (0..=100).filter_map(|done| next_line(&mut told, "sending", done, 100)).collect();
        assert_eq!(lines.len(), 11);
        assert_eq!(lines.last().map(String::as_str), Some("sending: 100 of 100"));
        assert_eq!(next_line(&mut told, "reading", 0, 0).as_deref(), Some("reading: 0 of 0"));
    }
}
