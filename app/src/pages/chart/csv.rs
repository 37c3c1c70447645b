//! The numbers behind a figure as comma-separated values (RFC 4180), for a program to read on.

use spectrum_domain::rollup::Estimate;

/// A table that grows row by row.
#[derive(Debug)]
pub struct Csv {
    out: String,
}

impl Csv {
    /// A table with these columns.
    pub fn new(columns: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut csv = Self { out: String::with_capacity(1024) };
        csv.row(columns);
        csv
    }

    /// Adds a row.
    pub fn row(&mut self, fields: impl IntoIterator<Item = impl AsRef<str>>) {
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            let field = field.as_ref();
            if field.contains(['"', ',', '\n', '\r']) {
                self.out.push('"');
                self.out.push_str(&field.replace('"', "\"\""));
                self.out.push('"');
            } else {
                self.out.push_str(field);
            }
        }
        self.out.push_str("\r\n");
    }

    /// The whole table.
    pub fn finish(self) -> String {
        self.out
    }
}

/// A figure with three places, its minus the one that programs read; nothing where there is none.
pub fn figure(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| {
        let rounded = (value * 1000.0).round() / 1000.0;
        // Negative zero would be written with its sign.
        if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
    })
}

/// An estimate's mean and half its width, a field each.
pub fn estimate(value: Option<Estimate>) -> [String; 2] {
    [figure(value.map(|e| e.mean)), figure(value.map(|e| e.half_width))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_commas_and_quotes_are_quoted() {
        let mut csv = Csv::new(["name", "mean"]);
        csv.row(["high energy, pleasant".to_owned(), figure(Some(-0.12345))]);
        csv.row(["a \"b\"".to_owned(), figure(Some(-0.0001))]);
        csv.row([String::new(), figure(None)]);
        assert_eq!(csv.finish(), "name,mean\r\n\"high energy, pleasant\",-0.123\r\n\"a \"\"b\"\"\",0\r\n,\r\n");
    }
}
