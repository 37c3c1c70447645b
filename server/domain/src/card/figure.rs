//! Figures as a language writes them: with its decimal mark, a true minus, and so rounded that they stay true.

use super::Language;

impl Language {
    const fn decimal_mark(self) -> &'static str {
        match self {
            Self::English => ".",
            Self::German => ",",
        }
    }

    fn write(self, figure: f64, decimals: usize) -> String {
        format!("{:.decimals$}", figure.abs()).replace('.', self.decimal_mark())
    }

    /// A level or a movement of −1…1 with its sign and two decimals; zero has none.
    pub(super) fn signed(self, figure: f64) -> String {
        let sign = match figure {
            ..=-0.005 => "−",
            0.005.. => "+",
            _ => "",
        };
        format!("{sign}{}", self.write(figure, 2))
    }

    /// A distance of the same scale, without a sign.
    pub(super) fn distance(self, figure: f64) -> String {
        self.write(figure, 2)
    }

    /// A figure that may be small: two decimals, below a tenth three.
    pub(super) fn rate(self, figure: f64) -> String {
        self.write(figure, if figure.abs() < 0.1 { 3 } else { 2 })
    }

    /// How many times one figure is another: one decimal, below a half two.
    pub(super) fn times(self, factor: f64) -> String {
        self.write(factor, if factor < 0.5 { 2 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_each_language_writes_them() {
        let english = [0.214, -0.2, 0.004, -0.004].map(|figure| Language::English.signed(figure));
        assert_eq!(english, ["+0.21", "−0.20", "0.00", "0.00"]);
        assert_eq!(Language::German.signed(-0.2), "−0,20");
        assert_eq!([Language::English.rate(0.0124), Language::German.rate(0.124)], ["0.012", "0,12"]);
        assert_eq!([Language::English.times(1.449), Language::German.times(0.449)], ["1.4", "0,45"]);
    }
}
