//! A sentence as the rules read it: small words without marks inside, contractions and chat spelt out.

use spectrum_domain::private::PrivateText;

use crate::text::{Kind, Sentence};

/// The mark that stands for all that part clauses.
pub(super) const MARK: &str = ".";

/// PRIVACY: the words of a sentence, spelt out.
#[derive(Debug, Default)]
pub(super) struct Plain {
    words: Vec<PrivateText>,
}

impl Plain {
    /// Reads one sentence.
    pub(super) fn read(sentence: &str) -> Self {
        let mut plain = Self::default();
        for (token, kind) in Sentence::read(sentence).tokens() {
            match kind {
                Kind::Word => {
                    let bare: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
                    if bare.is_empty() {
                        continue;
                    }
                    spell(&bare, |word| plain.words.push(PrivateText::new(word.to_owned())));
                }
                Kind::Mark if token.starts_with(['.', ',', '!', '?', ';', ':', '(', ')']) => {
                    plain.words.push(PrivateText::new(MARK.to_owned()));
                }
                Kind::Mark => {}
            }
        }
        plain
    }

    /// The words and marks in order.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.expose().as_str())
    }
}

/// Spells a word out, as the words that it stands for.
pub(super) fn spell(word: &str, mut tell: impl FnMut(&str)) {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        // Years and ages of all sizes are one word.
        tell("0");
        return;
    }
    match SPELT.binary_search_by_key(&word, |(short, _)| short) {
        Ok(at) => SPELT[at].1.split(' ').for_each(tell),
        Err(_) => tell(word),
    }
}

/// Contractions without their apostrophe, and chat; in the order of the alphabet.
const SPELT: &[(&str, &str)] = &[
    ("2nite", "tonight"),
    ("abt", "about"),
    ("aint", "am not"),
    ("alot", "a lot"),
    ("anymore", "any more"),
    ("arent", "are not"),
    ("b4", "before"),
    ("bc", "because"),
    ("bday", "birthday"),
    ("bf", "boyfriend"),
    ("cannot", "can not"),
    ("cant", "can not"),
    ("cba", "can not be bothered"),
    ("cos", "because"),
    ("couldnt", "could not"),
    ("couldve", "could have"),
    ("coz", "because"),
    ("cud", "could"),
    ("cuz", "because"),
    ("da", "the"),
    ("daddy", "dad"),
    ("daren", "not dare"),
    ("darent", "not dare"),
    ("dat", "that"),
    ("definately", "definitely"),
    ("didnt", "did not"),
    ("dis", "this"),
    ("dnt", "do not"),
    ("doesnt", "does not"),
    ("dont", "do not"),
    ("dunno", "do not know"),
    ("enuf", "enough"),
    ("everybodys", "everybody is"),
    ("everyones", "everyone is"),
    ("everythings", "everything is"),
    ("evry", "every"),
    ("gf", "girlfriend"),
    ("gona", "going to"),
    ("gonna", "going to"),
    ("gotta", "have to"),
    ("hadnt", "had not"),
    ("hasnt", "has not"),
    ("havent", "have not"),
    ("hed", "he would"),
    ("hell", "he will"),
    ("hes", "he is"),
    ("hows", "how is"),
    ("id", "i would"),
    ("idc", "i do not care"),
    ("idk", "i do not know"),
    ("ill", "i will"),
    ("im", "i am"),
    ("ima", "i am going to"),
    ("imma", "i am going to"),
    ("isnt", "is not"),
    ("itd", "it would"),
    ("itll", "it will"),
    ("its", "it is"),
    ("ive", "i have"),
    ("jst", "just"),
    ("jus", "just"),
    ("kinda", "kind of"),
    ("lil", "little"),
    ("mam", "mum"),
    ("mama", "mum"),
    ("meself", "myself"),
    ("mite", "might"),
    ("mom", "mum"),
    ("mummy", "mum"),
    ("mustnt", "must not"),
    ("mysef", "myself"),
    ("myslf", "myself"),
    ("n", "and"),
    ("nd", "and"),
    ("neednt", "need not"),
    ("nevr", "never"),
    ("ngl", "honestly"),
    ("nite", "night"),
    ("nites", "nights"),
    ("noone", "nobody"),
    ("nothings", "nothing is"),
    ("nvr", "never"),
    ("pls", "please"),
    ("plz", "please"),
    ("ppl", "people"),
    ("r", "are"),
    ("realy", "really"),
    ("rlly", "really"),
    ("rly", "really"),
    ("rn", "right now"),
    ("shant", "will not"),
    ("shed", "she would"),
    ("shell", "she will"),
    ("shes", "she is"),
    ("shouldnt", "should not"),
    ("shouldve", "should have"),
    ("somethings", "something is"),
    ("thats", "that is"),
    ("theres", "there is"),
    ("theyd", "they would"),
    ("theyll", "they will"),
    ("theyre", "they are"),
    ("theyve", "they have"),
    ("thru", "through"),
    ("tmr", "tomorrow"),
    ("tmrw", "tomorrow"),
    ("tomoz", "tomorrow"),
    ("tonite", "tonight"),
    ("tryna", "trying to"),
    ("u", "you"),
    ("ur", "your"),
    ("w", "with"),
    ("wana", "want to"),
    ("wanna", "want to"),
    ("wasnt", "was not"),
    ("wen", "when"),
    ("werent", "were not"),
    ("weve", "we have"),
    ("whats", "what is"),
    ("wheres", "where is"),
    ("whos", "who is"),
    ("wht", "what"),
    ("wks", "weeks"),
    ("wont", "will not"),
    ("wouldnt", "would not"),
    ("wouldve", "would have"),
    ("wud", "would"),
    ("wut", "what"),
    ("xmas", "christmas"),
    ("youd", "you would"),
    ("youll", "you will"),
    ("youre", "you are"),
    ("youve", "you have"),
    ("yrs", "years"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_and_chat_are_spelt_out() {
        let plain = Plain::read("Im gonna go, I can’t wait 4 tmrw!!");
        let words: Vec<_> = plain.words().collect();
        assert_eq!(words.join(" "), "i am going to go . i can not wait 0 tomorrow .");
        assert!(SPELT.is_sorted());
    }
}
