//! What turns of every kind are found to be, and that no text brings the look down.

use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Found {
    let turn = PrivateText::new(text.to_owned());
    survey(std::slice::from_ref(&turn))[0]
}

fn language(code: &'static str) -> Found {
    Found::Words(Language::of_code(code))
}

#[test]
fn english_is_english_however_it_is_written() {
    for text in [
        "I keep going over the talk and I am worried and quite tired.",
        "Honestly? I don't know... my sister says it'll be fine, but I can't stop thinking about it!!!",
        "went to the shop, got bread. felt ok-ish. then home & slept",
        "He said \"ça va\" and I said nothing at all because I was so angry with him",
        "Met Giovanni and Alessandra at Caffè Nero before the interview and it went better than I thought",
        "I’ve been up since 4:30, I wasn’t even hungry – just wired.",
        "this is what my 2nd week w/ the new meds was like: 10/10 anxious, 0/10 sleep, and no one asked",
    ] {
        assert_eq!(found(text), language("eng"), "{text}");
    }
}

#[test]
fn other_languages_are_told() {
    for (code, text) in [
        ("deu", "Heute war ein schwerer Tag, und ich mache mir Sorgen wegen des Gesprächs morgen früh."),
        ("fra", "Aujourd'hui j'étais très fatiguée et je ne savais plus comment parler à ma mère."),
        ("spa", "Hoy me sentí muy triste porque mi hermano no quiso hablar conmigo después de la cena."),
        ("ita", "Oggi ero molto stanca e non riuscivo a smettere di pensare a quello che mi ha detto."),
        ("nld", "Vandaag was ik heel verdrietig en ik wist niet wat ik tegen mijn vriendin moest zeggen."),
        ("por", "Hoje eu estava muito cansada e não consegui parar de pensar no que ele me disse ontem."),
        ("pol", "Dzisiaj byłam bardzo zmęczona i nie mogłam przestać myśleć o tym, co mi powiedział."),
        ("swe", "Idag var jag väldigt ledsen och visste inte vad jag skulle säga till min syster."),
        ("tur", "Bugün çok üzgündüm ve kardeşime ne söyleyeceğimi bilmiyordum, bütün gün ağladım."),
        ("rus", "Сегодня мне было очень грустно, и я не знала, что сказать сестре."),
        ("ell", "Σήμερα ήμουν πολύ λυπημένη και δεν ήξερα τι να πω στην αδελφή μου."),
        ("jpn", "今日はとても悲しくて、妹に何と言えばいいのかわからなかった。"),
        ("cmn", "今天我很难过，不知道该对妹妹说什么。"),
        ("kor", "오늘은 너무 슬퍼서 동생에게 무슨 말을 해야 할지 몰랐다."),
        ("heb", "היום הייתי עצובה מאוד ולא ידעתי מה לומר לאחותי"),
        ("tha", "วันนี้ฉันเศร้ามากและไม่รู้จะพูดอะไรกับน้องสาว"),
    ] {
        assert_eq!(found(text), language(code), "{text}");
    }
    // Which of the languages in these letters does not matter: it is not English.
    for text in ["Сьогодні мені було сумно", "मैं आज बहुत उदास थी", "كنت حزينة جدا اليوم", "ⲁⲛⲟⲕ ⲡⲉ", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ"]
    {
        let Found::Words(told) = found(text) else { panic!("{text}: {:?}", found(text)) };
        assert_ne!(told, Language::ENGLISH, "{text}");
    }
}

#[test]
fn what_is_too_short_is_left_open() {
    for text in ["ok fine", "yes", "Priya", "Müller", "mañana", "no no no", "hmm…", "lol 😂", "Danke, gut", "x"] {
        assert_eq!(found(text), Found::Unclear, "{text}");
    }
}

#[test]
fn what_is_too_short_follows_its_session() {
    let of = |texts: &[&str]| -> Vec<Found> {
        let turns: Vec<_> = texts.iter().map(|text| PrivateText::new((*text).to_owned())).collect();
        survey(&turns).into_vec()
    };
    let german = "Heute war ein schwerer Tag, und ich mache mir Sorgen wegen des Gesprächs morgen früh.";
    let english = "I keep going over the talk and I am worried and quite tired of it all.";
    assert_eq!(
        of(&["ok", german, "😀", "ja gut"]),
        [language("deu"), language("deu"), Found::NoWords, language("deu")]
    );
    assert_eq!(of(&["ok", english]), [language("eng"); 2]);
    // Whoever changes languages is measured where they can be.
    assert_eq!(of(&[english, german]), [language("eng"), language("deu")]);
    // All too short, and together enough.
    assert_eq!(
        of(&["ich bin müde", "und sehr traurig", "ich weiß auch nicht", "was ich tun soll"]),
        [language("deu"); 4]
    );
    assert_eq!(of(&["ok", "fine"]), [Found::Unclear; 2], "then it is taken for the model's own");
    assert_eq!(of(&[]), []);
}

#[test]
fn no_words_are_no_words() {
    for text in ["", " \n\t", "🙂🙂", "👩‍👩‍👧 ❤️", "… — !!!", "10/10", "2026-11-23 07:45", "???", "¯\\_(•)_/¯"]
    {
        assert_eq!(found(text), Found::NoWords, "{text}");
    }
}

#[test]
fn logs_code_and_addresses_are_nobodys_words() {
    for text in [
        "2026-11-23T10:15:02Z ERROR db.pool timeout after 30s conn=17\n2026-11-23T10:15:03Z WARN retry=1 host=10.0.0.7\n\
         2026-11-23T10:15:04Z ERROR db.pool timeout after 30s conn=18",
        "fn main() {\n    let x = foo(1, 2);\n    println!(\"{}\", x.bar());\n    if x > 3 { return; }\n}",
        "{\"id\": 17, \"name\": \"x\", \"tags\": [\"a\", \"b\"], \"nested\": {\"k\": null, \"ok\": true}}",
        "Exception in thread \"main\" java.lang.NullPointerException\n\tat com.example.Foo.bar(Foo.java:42)\n\
         \tat com.example.Main.main(Main.java:7)\n\tat java.base/jdk.internal.Loader.run(Loader.java:120)",
        "https://example.org/a/very/long/path?with=query&and=more",
        "SGVsbG8gd29ybGQhSGVsbG8gd29ybGQhSGVsbG8gd29ybGQhSGVsbG8gd29ybGQh",
        "<div class=\"a\"><span id=\"b\">x</span></div> <p class=\"c\"></p> <br/> <img src=\"/x.png\"/> <a href=\"#\"></a>",
    ] {
        assert_eq!(found(text), Found::NotProse, "{text}");
    }
    // Who says something about it has said something.
    let both = "The deploy failed again and I am so tired of being the one who fixes it at night.\n\
                ERROR db.pool conn=17 retry=1";
    assert_eq!(found(both), language("eng"));
}

#[test]
fn mixed_letters_are_what_most_of_them_are() {
    assert_eq!(found("I told her я не могу and then I hung up because I could not go on"), language("eng"));
    assert_eq!(found("Сегодня был meeting, и мне было очень грустно после него"), language("rus"));
}

#[test]
fn walls_are_looked_at_from_the_front_only() {
    let english = "I am tired of it and I do not know what to do with them. ".repeat(280);
    assert_eq!(found(&english), language("eng"));
    let behind = format!("{}{}", "Ich bin müde und weiß nicht, was ich heute noch tun soll. ".repeat(40), english);
    assert_eq!(found(&behind), language("deu"), "only the beginning is asked");
    assert_eq!(found(&"x".repeat(16 * 1024)), Found::NotProse);
    assert_eq!(found(&"🙂".repeat(4_000)), Found::NoWords);
    assert_eq!(
        found(&format!("{}I am so tired of all of this and I want it to end", " 🙂".repeat(3_000))),
        language("eng")
    );
    for wall in ["’-".repeat(5_000) + "a", "İ".repeat(8_000), "a ".repeat(8_000), "漢".repeat(5_000), "é".repeat(8_000)]
    {
        let begun = std::time::Instant::now();
        found(&wall);
        assert!(begun.elapsed().as_millis() < 500, "{:?}", begun.elapsed());
    }
}

proptest! {
    #[test]
    fn no_text_brings_the_look_down_and_the_same_text_is_the_same(
        text in prop_oneof![
            ".{0,400}",
            "([a-z]{1,9}[ ,.!?'’]{1,2}){0,60}",
            "(the |und |я |漢|🙂|é|\\{|=|[0-9]{1,4}|https://a.b|\n){0,80}",
            "\\PC{0,3000}",
        ],
    ) {
        let once = found(&text);
        prop_assert_eq!(once, found(&text));
        prop_assert_eq!(once == Found::NoWords, !text.chars().any(char::is_alphabetic));
    }

    #[test]
    fn a_session_has_a_finding_for_every_turn(texts in proptest::collection::vec(".{0,80}", 0..12)) {
        let turns: Vec<_> = texts.into_iter().map(PrivateText::new).collect();
        prop_assert_eq!(survey(&turns).len(), turns.len());
    }
}
