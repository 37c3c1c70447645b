//! A text as words and numbers, for both languages.

/// A word in lower case, or a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Number(Number),
    /// Ends a clause.
    Semicolon,
}

/// A number as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub value: f64,
    pub decimals: u32,
    pub signed: bool,
}

impl Number {
    pub fn is(self, whole: i64) -> bool {
        self.decimals == 0 && !self.signed && (self.value - f64::from(i32::try_from(whole).expect("small"))).abs() < 0.5
    }

    /// Whether a figure would be written like this, its last decimal rounded.
    pub fn rounds(self, figure: f64) -> bool {
        let sign_fits = self.value == 0.0 || (self.value < 0.0) == (figure < 0.0);
        let unit = 10f64.powi(-i32::try_from(self.decimals).expect("few"));
        self.decimals > 0 && sign_fits && (self.value - figure).abs() <= 0.5 * unit + 1e-9
    }
}

impl Token {
    pub fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Number(_) | Self::Semicolon => "",
        }
    }

    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Word(_) | Self::Semicolon => None,
        }
    }
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> Vec<String> {
    text.replace("? ", ". ").split(". ").map(|sentence| sentence.trim_end_matches(['.', '?']).to_owned()).collect()
}

/// The names of features are told from the word "turn" by their capital.
pub(super) fn tokens(sentence: &str) -> Vec<Token> {
    let letters: Vec<char> = sentence.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let digit = |i: usize| letters.get(i).is_some_and(char::is_ascii_digit);
        if letter.is_ascii_digit() || ("+−".contains(letter) && digit(at + 1)) {
            let start = at;
            at += 1;
            while digit(at) || (letters.get(at).is_some_and(|l| ".,".contains(*l)) && digit(at + 1)) {
                at += 1;
            }
            let written: String = letters[start..at].iter().collect();
            let plain = written.replace(',', ".").replace('−', "-");
            let decimals = plain.split_once('.').map_or(0, |(_, tail)| tail.len());
            tokens.push(Token::Number(Number {
                value: plain.trim_start_matches('+').parse().expect("a number"),
                decimals: u32::try_from(decimals).expect("few"),
                signed: "+−".contains(letter),
            }));
        } else if letter.is_alphabetic() {
            let start = at;
            while letters.get(at).is_some_and(|l| l.is_alphabetic()) {
                at += 1;
            }
            let word: String = letters[start..at].iter().collect();
            let feature = ["Mirror", "Turn", "Lens"].contains(&word.as_str());
            tokens.push(Token::Word(if feature {
                format!("feature-{}", word.to_lowercase())
            } else {
                word.to_lowercase()
            }));
        } else {
            if letter == ';' {
                tokens.push(Token::Semicolon);
            }
            at += 1;
        }
    }
    tokens
}

/// Words with single spaces around each, to look phrases up in; a number is `#`.
pub(super) fn line(tokens: &[Token]) -> String {
    let mut line = String::from(" ");
    for token in tokens {
        line.push_str(match token {
            Token::Word(word) => word,
            Token::Number(_) => "#",
            Token::Semicolon => ";",
        });
        line.push(' ');
    }
    line
}

/// A text with a phrase taken for another wherever it stands with no letter on either side, but a plural's s; nothing where
/// it does not stand.
pub(super) fn replaced(text: &str, from: &str, to: &str) -> Option<String> {
    let alone = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + from.len()..].chars().next();
        !before.is_some_and(char::is_alphabetic) && after.is_none_or(|letter| !letter.is_alphabetic() || letter == 's')
    };
    let mut replaced = String::new();
    let mut end = 0;
    for (at, _) in text.match_indices(from).filter(|(at, _)| alone(*at)) {
        replaced.push_str(&text[end..at]);
        replaced.push_str(to);
        end = at + from.len();
    }
    replaced.push_str(&text[end..]);
    (end > 0).then_some(replaced)
}
