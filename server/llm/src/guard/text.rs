//! Takes a text apart: words, numerals and commas, and phrases found among them.

/// A word, a numeral, `%`, or a comma or semicolon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// In lower case.
    pub(crate) text: String,
    /// Whether it began with a capital.
    pub(crate) capital: bool,
}

impl Token {
    /// Whether it parts two clauses.
    pub(crate) fn parts(&self) -> bool {
        matches!(self.text.as_str(), "," | ";" | ":" | "–" | "(" | ")")
    }

    /// Whether it is a word.
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(char::is_alphabetic)
    }
}

/// The tokens of a text, in order. A numeral keeps the marks within it: `3.5` is one.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().map(|c| if c == '’' { '\'' } else { c }).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at).copied() {
        let within = |offset: usize, c: char| {
            let next = characters.get(at + offset + 1).copied();
            if first.is_alphabetic() {
                c.is_alphabetic() || (c == '\'' && next.is_some_and(char::is_alphabetic))
            } else {
                c.is_ascii_digit() || (matches!(c, '.' | ',') && next.is_some_and(|next| next.is_ascii_digit()))
            }
        };
        let length = if first.is_alphabetic() || first.is_ascii_digit() {
            let rest = characters.iter().skip(at).enumerate();
            rest.take_while(|(offset, c)| *offset == 0 || within(*offset, **c)).count()
        } else {
            1
        };
        let text: String = characters.iter().skip(at).take(length).flat_map(|c| c.to_lowercase()).collect();
        let token = Token { text, capital: first.is_uppercase() };
        if first.is_alphabetic() || first.is_ascii_digit() || token.parts() || first == '%' {
            tokens.push(token);
        }
        at += length;
    }
    tokens
}

/// Whether a phrase stands at this place, and how many tokens it has. Words of a phrase are parted by spaces; one that ends
/// in `*` stands for all that begin so.
fn stands_at(tokens: &[Token], at: usize, phrase: &str) -> Option<usize> {
    let mut length = 0;
    for word in phrase.split(' ') {
        let token = &tokens.get(at + length)?.text;
        let fits = match word.strip_suffix('*') {
            Some(stem) => token.starts_with(stem),
            None => token == word,
        };
        if !fits {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// A phrase that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found<T> {
    /// Its first token.
    pub(crate) at: usize,
    /// How many.
    pub(crate) length: usize,
    /// What the table says of it.
    pub(crate) of: T,
}

/// The phrases of a table in the order of the text. Where several fit, the longest counts, and what it takes is taken.
pub(crate) fn scan<T: Copy>(tokens: &[Token], table: &[(&str, T)]) -> Vec<Found<T>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let first = tokens.get(at).and_then(|token| token.text.as_bytes().first());
        let likely = table.iter().filter(|(phrase, _)| phrase.as_bytes().first() == first);
        let here = likely.filter_map(|(phrase, of)| Some((stands_at(tokens, at, phrase)?, phrase.len(), *of)));
        if let Some((length, _, of)) = here.max_by_key(|(length, exact, _)| (*length, *exact)) {
            found.push(Found { at, length, of });
            at += length;
        } else {
            at += 1;
        }
    }
    found
}

/// Whether any of the phrases is in the text.
pub(crate) fn holds(tokens: &[Token], phrases: &[&str]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        let mut likely = phrases.iter().filter(|phrase| phrase.as_bytes().first() == token.text.as_bytes().first());
        likely.any(|phrase| stands_at(tokens, at, phrase).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn a_text_is_taken_apart() {
        assert_eq!(
            texts("In 9 of 12, it’s 31 % – Übel."),
            ["in", "9", "of", "12", ",", "it's", "31", "%", "–", "übel"]
        );
        assert_eq!(texts("3.5 or 1,200. Low-energy"), ["3.5", "or", "1,200", "low", "energy"]);
        assert!(tokens("Turn")[0].capital);
    }

    #[test]
    fn the_longest_phrase_counts() {
        let table = [("pleasant", 1), ("less pleasant", 2), ("less unpleasant", 3), ("week*", 4)];
        let found = scan(&tokens("Weeks less pleasant, pleasant, less unpleasant"), &table);
        assert_eq!(found.iter().map(|found| found.of).collect::<Vec<_>>(), [4, 2, 1, 3]);
        assert!(holds(&tokens("a b c"), &["b c"]) && !holds(&tokens("a b c"), &["b d"]));
    }
}
