//! `README.txt` of an archive: what is in it and what is not, in plain words.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use spectrum_domain::{audit::Verb, product_event::RECORDED};

use super::{ABOUT, LEFT_OUT, LEFT_OUT_COLUMNS, TEXT, contents, words};

/// The text of the file.
pub(crate) fn readme(made_at: DateTime<Utc>, text_days: i64) -> String {
    let mut text = format!(
        "EVERYTHING SPECTRUM HOLDS ABOUT YOU\n\n\
         Gathered on {} at {} UTC, all at one moment.\n\n\
         Files ending in .jsonl hold one entry a line, as JSON. schema.json describes every field of them for programs;\n\
         {ABOUT} names the form of this archive. Files ending in .csv open in a spreadsheet.\n\
         Figures of feeling are in thousandths: 250 means 0.250. They are estimates from your words.\n\n\
         WHAT IS IN IT\n\n",
        made_at.format("%-d %B %Y"),
        made_at.format("%H:%M"),
    );
    for content in contents() {
        // Writing to a String can't fail.
        _ = writeln!(text, "{}\n    {}", content.file(), content.words());
        if let Some(file) = content.csv_file() {
            _ = writeln!(text, "{file}\n    the same as a spreadsheet");
        }
        if content.table == "turn" {
            _ = writeln!(text, "{TEXT}\n    {}", words("turn_text"));
        }
    }
    _ = write!(
        text,
        "\nWords are kept for {text_days} days after they came in and then let go, or as soon\n\
         as they were read if you chose so; what was measured of them stays. So older sessions have no words here:\n\
         nobody has them any more. Words are opened while you fetch the archive, so it can\n\
         also lack some that were let go since it was gathered.\n\n\
         WHAT IS NOT IN IT\n\n"
    );
    for (table, reason) in LEFT_OUT {
        _ = writeln!(text, "{table}\n    {reason}");
    }
    for (table, column, reason) in LEFT_OUT_COLUMNS {
        _ = writeln!(text, "{column} of {table}\n    {reason}");
    }
    _ = write!(
        text,
        "\nNUMBERS IN audit.jsonl\n\nactor: 1 you, 2 the app, 3 a person of the team, 4 an operator, 5 Spectrum by itself\nverb:"
    );
    for verb in Verb::ALL {
        _ = write!(text, " {} {verb:?}", verb.number());
    }
    _ = write!(text, "\n\nNUMBERS IN product_event.jsonl\n\nevent:");
    for (number, name) in RECORDED {
        _ = write!(text, " {number} {name}");
    }
    _ = write!(
        text,
        "\n\nWHAT YOU CAN DO WITH IT\n\n\
         It is yours. Whoever runs a Spectrum can read it into a fresh account with `spectrum import`; your days, weeks and\n\
         months are then added up anew and come out the same.\n"
    );
    text
}
