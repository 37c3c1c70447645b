//! The honest answer to an input, made from its JSON alone: what a good model would write, in both languages.

use serde_json::{Value, json};

/// A sentence and what it claims.
type Said = (String, Vec<&'static str>);

/// The answer for a week or a month.
pub fn answer(input: &Value) -> Value {
    let german = input["language"] == "de";
    let statements = input["statements"].as_array().cloned().unwrap_or_default();
    let told = |statement: &Value| {
        let index = &statement["index"];
        let claimed = |(text, what): Said| {
            let claims: Vec<Value> = what.iter().map(|what| json!({ "index": index, "what": what })).collect();
            json!({ "text": text, "claims": claims })
        };
        let (headline, body) = write(statement, input, german);
        (index.clone(), claimed(headline), claimed(body))
    };
    if input["grain"] == "week" {
        let card = |statement: &Value| {
            let (index, headline, body) = told(statement);
            json!({ "index": index, "headline": headline, "body": [body] })
        };
        return json!({ "cards": statements.iter().map(card).collect::<Vec<_>>() });
    }
    let mut sections: Vec<Value> = Vec::new();
    for statement in &statements {
        let (_, heading, body) = told(statement);
        match sections.last_mut() {
            Some(last) if sections_full(last, statements.len()) => {
                if let Some(sentences) = last["body"].as_array_mut() {
                    sentences.extend([heading, body]);
                }
            }
            _ => sections.push(json!({ "heading": heading, "body": [body] })),
        }
    }
    let question =
        if german { "Passt dieses Bild zu dem, wie der Monat war?" } else { "Is that how this month looks to you?" };
    let first = statements.first().map_or(Value::Null, |statement| statement["index"].clone());
    json!({
        "sections": sections,
        "question": { "text": question, "claims": [{ "index": first, "what": "subject" }] },
    })
}

/// Two statements a section where there are more than five.
fn sections_full(section: &Value, statements: usize) -> bool {
    statements > 5 && section["body"].as_array().is_some_and(|body| body.len() < if statements > 10 { 5 } else { 3 })
}

fn cell(statement: &Value, cell: &Value, span: &str) -> Option<u64> {
    let cells = statement["evidence"].as_array()?;
    cells.iter().find(|of| of["cell"] == *cell && of["span"] == span)?["n"].as_u64()
}

fn write(statement: &Value, input: &Value, german: bool) -> (Said, Said) {
    let pick = |en: &str, de: &str| if german { de.to_owned() } else { en.to_owned() };
    let up = statement["direction"] == "higher";
    let kind = statement["kind"].as_str().unwrap_or_default();
    let about = &statement["about"];
    if let Some(family) = about["family"].as_str() {
        return of_family(statement, family, kind, up, german);
    }
    if let Some(movement) = about["movement"].as_object() {
        return of_movement(statement, &Value::Object(movement.clone()), kind, up, german);
    }
    if let Some(quadrant) = about["quadrant"].as_str() {
        let (high, pleasant) = (quadrant.starts_with("high"), !quadrant.ends_with("unpleasant"));
        let (energy, side) = (if high { "High" } else { "Low" }, if pleasant { "pleasant" } else { "unpleasant" });
        let (kraft, seite) = (if high { "Hohe" } else { "Niedrige" }, if pleasant { "angenehm" } else { "unangenehm" });
        let share = &statement["figure"]["value"];
        let head = pick(
            &format!("{energy} energy and {side} in {share} %."),
            &format!("{kraft} Energie und {seite} in {share} %."),
        );
        let own = cell(statement, &json!({ "quadrant": quadrant }), "now").unwrap_or(0);
        let all = cell(statement, &json!("sessions"), "now").unwrap_or(0);
        let body = pick(
            &format!("So it was in {own} of {all} sessions."),
            &format!("So war es in {own} von {all} Sitzungen."),
        );
        return ((head, vec!["subject", "share"]), (body, vec!["counts"]));
    }
    if let Some(weekday) = about["weekday"].as_str() {
        let place =
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().position(|day| *day == weekday).unwrap_or(0);
        let en = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
        let de = ["Montagen", "Dienstagen", "Mittwochen", "Donnerstagen", "Freitagen", "Samstagen", "Sonntagen"];
        let when = (format!("On {}", en.get(place).unwrap_or(&"")), format!("An {}", de.get(place).unwrap_or(&"")));
        return when_of(statement, &json!({ "weekday": weekday }), &when, up, german);
    }
    if let Some(daypart) = about["daypart"].as_str() {
        let de = match daypart {
            "night" => "Nachts",
            "morning" => "Morgens",
            "afternoon" => "Nachmittags",
            _ => "Abends",
        };
        let en = if daypart == "night" { "At night".to_owned() } else { format!("In the {daypart}") };
        return when_of(statement, &json!({ "daypart": daypart }), &(en, de.to_owned()), up, german);
    }
    of_period(statement, input, german)
}

/// What is about the period or an axis as a whole.
fn of_period(statement: &Value, input: &Value, german: bool) -> (Said, Said) {
    let pick = |en: &str, de: &str| if german { de.to_owned() } else { en.to_owned() };
    let (about, kind) = (&statement["about"], statement["kind"].as_str().unwrap_or_default());
    let (coverage, up) = (&input["coverage"], statement["direction"] == "higher");
    let rests = || {
        let n = &coverage["sessions"];
        (pick(&format!("That rests on {n} sessions."), &format!("Das beruht auf {n} Sitzungen.")), vec!["coverage"])
    };
    let head = |en: &str, de: &str, what: &[&'static str]| (pick(en, de), what.to_vec());
    let energy = about["level"] == "arousal";
    match kind {
        "low_data" => {
            (head("There is little to go on yet.", "Es ist noch zu wenig.", &["subject"]), days(coverage, german))
        }
        "coverage" => (rests(), days(coverage, german)),
        "baseline_short" => {
            let (n, needed) = (&statement["figure"]["value"], &statement["figure"]["reference"]);
            let (en, de) = if input["grain"] == "week" { ("weeks", "Wochen") } else { ("months", "Monate") };
            (
                head("There is little to compare with yet.", "Es gibt zu wenig zum Vergleichen.", &["subject"]),
                head(
                    &format!("There are {n} {en} so far, and it starts at {needed} {en}."),
                    &format!("Es gibt {n} {de}, und es beginnt ab {needed} {de}."),
                    &["coverage"],
                ),
            )
        }
        "level" => (
            match (energy, statement["direction"].as_str()) {
                (_, Some("neither")) => head("It lay near the middle.", "Es lag nahe der Mitte.", &["subject"]),
                (false, _) if up => {
                    head("Sessions leaned pleasant.", "Die Sitzungen waren eher angenehm.", &["direction"])
                }
                (false, _) => {
                    head("Sessions leaned unpleasant.", "Die Sitzungen waren eher unangenehm.", &["direction"])
                }
                (true, _) if up => head("Sessions leaned lively.", "Die Sitzungen waren eher lebhaft.", &["direction"]),
                (true, _) => head("Sessions leaned quiet.", "Die Sitzungen waren eher ruhig.", &["direction"]),
            },
            rests(),
        ),
        "changed" if about["spread"].is_string() => (
            if up {
                head(
                    "Sessions lay further apart than usual.",
                    "Die Sitzungen lagen weiter auseinander als sonst.",
                    &["direction", "window"],
                )
            } else {
                head(
                    "Sessions lay closer together than usual.",
                    "Die Sitzungen lagen näher beieinander als sonst.",
                    &["direction", "window"],
                )
            },
            rests(),
        ),
        "changed" => (
            match (energy, up) {
                (false, true) => head(
                    "It leaned more pleasant than usual.",
                    "Es war angenehmer als sonst.",
                    &["direction", "window"],
                ),
                (false, false) => head(
                    "It leaned less pleasant than usual.",
                    "Es war weniger angenehm als sonst.",
                    &["direction", "window"],
                ),
                (true, true) => {
                    head("You leaned livelier than usual.", "Es war lebhafter als sonst.", &["direction", "window"])
                }
                (true, false) => {
                    head("You leaned quieter than usual.", "Es war ruhiger als sonst.", &["direction", "window"])
                }
            },
            rests(),
        ),
        "steady" => {
            (head("It stayed near the usual middle.", "Es blieb nahe der üblichen Mitte.", &["window"]), rests())
        }
        "nothing_new" => (
            head("Nothing new to show.", "Es gibt nichts Neues.", &["subject"]),
            head("It stayed as usual.", "Es blieb wie sonst.", &["window"]),
        ),
        "variability" => {
            (head("How far apart sessions lay.", "Wie weit die Sitzungen auseinander lagen.", &["subject"]), rests())
        }
        _ => (
            head("How sessions came home.", "Wie es heimwärts ging.", &["subject"]),
            head("That is how sessions came home.", "Es ging heimwärts.", &["subject"]),
        ),
    }
}

fn days(coverage: &Value, german: bool) -> Said {
    let (sessions, days) = (&coverage["sessions"], &coverage["days"]);
    let text = if german {
        format!("Gezählt sind {sessions} Sitzungen an {days} Tagen.")
    } else {
        format!("It holds {sessions} sessions on {days} days.")
    };
    (text, vec!["coverage"])
}

fn when_of(statement: &Value, own: &Value, (en, de): &(String, String), up: bool, german: bool) -> (Said, Said) {
    let n = cell(statement, own, "together").unwrap_or(0);
    let (more, mehr) = if up { ("more", "angenehmer") } else { ("less", "weniger angenehm") };
    if german {
        let head = format!("{de} war es {mehr}.");
        return ((head, vec!["direction"]), (format!("{de} waren es {n} Sitzungen."), vec!["counts"]));
    }
    let head = format!("{en} it leaned {more} pleasant.");
    ((head, vec!["direction"]), (format!("{en} there were {n} sessions."), vec!["counts"]))
}

fn of_family(statement: &Value, family: &str, kind: &str, up: bool, german: bool) -> (Said, Said) {
    let names = [
        ("joy", "Freude"),
        ("interest", "Interesse"),
        ("hope", "Hoffnung"),
        ("warmth", "Wärme"),
        ("calm", "Ruhe"),
        ("worry", "Sorge"),
        ("anger", "Ärger"),
        ("sadness", "Traurigkeit"),
        ("regret", "Bedauern"),
    ];
    let german_name = names.iter().find(|(name, _)| *name == family).map_or("", |(_, name)| name);
    let english =
        format!("{}{}", family.get(..1).unwrap_or_default().to_uppercase(), family.get(1..).unwrap_or_default());
    let name = if german { german_name.to_owned() } else { english };
    let (more, often) = if up { ("more often", "häufiger") } else { ("less often", "seltener") };
    let window = if kind == "mix" { vec!["share"] } else { vec!["direction", "window"] };
    let head = match (kind, german) {
        ("first_time", false) => (format!("{name} was there for the first time."), vec!["subject"]),
        ("first_time", true) => (format!("{name} war zum ersten Mal da."), vec!["subject"]),
        ("returned", false) => (format!("{name} is back."), vec!["subject"]),
        ("returned", true) => (format!("{name} ist wieder da."), vec!["subject"]),
        ("mix", false) => (format!("{name} was there in {} %.", statement["figure"]["value"]), window),
        ("mix", true) => (format!("{name} war in {} % da.", statement["figure"]["value"]), window),
        (_, false) => (format!("{name} was there {more} than usual."), window),
        (_, true) => (format!("{name} war {often} da als sonst."), window),
    };
    let own = json!({ "family": family });
    let pair = |span| Some((cell(statement, &own, span)?, cell(statement, &json!("sessions"), span)?));
    let of = if german { "von" } else { "of" };
    let body = match (pair("now"), pair("before")) {
        (Some((n, all)), Some((then, before))) if german => (
            format!("Das war in {n} {of} {all} Sitzungen so, vorher in {then} {of} {before}."),
            vec!["counts", "before"],
        ),
        (Some((n, all)), Some((then, before))) => {
            (format!("It was in {n} {of} {all} sessions, before in {then} {of} {before}."), vec!["counts", "before"])
        }
        (Some((n, all)), None) if german => (format!("Das war in {n} {of} {all} Sitzungen so."), vec!["counts"]),
        (Some((n, all)), None) => (format!("It was in {n} {of} {all} sessions."), vec!["counts"]),
        _ if german => (format!("{name} war {often} da."), vec!["direction"]),
        _ => (format!("{name} was there {more}."), vec!["direction"]),
    };
    (head, body)
}

fn of_movement(statement: &Value, movement: &Value, kind: &str, up: bool, german: bool) -> (Said, Said) {
    let feature = match movement["feature"].as_str() {
        Some("mirror") => "Mirror",
        Some("turn") => "Turn",
        _ => "Lens",
    };
    let own = json!({ "movement": movement });
    let n = cell(statement, &own, "together").unwrap_or(0);
    let valence = movement["axis"] == "valence";
    let en = match (valence, up) {
        (true, true) => "more pleasant",
        (true, false) => "less pleasant",
        (false, true) => "with more energy",
        (false, false) => "with less energy",
    };
    let de = match (valence, up) {
        (true, true) => "angenehmer",
        (true, false) => "weniger angenehm",
        (false, true) => "mit mehr Energie",
        (false, false) => "mit weniger Energie",
    };
    let head = match (kind, german) {
        ("moved_most", false) => format!("{feature} sessions moved farthest."),
        ("moved_most", true) => format!("{feature} bewegte am weitesten."),
        ("feature_contrast", false) => format!("{feature} sessions shifted {en} than your other sessions."),
        ("feature_contrast", true) => format!("Sitzungen in {feature} verliefen {de} als deine anderen Sitzungen."),
        (_, false) => format!("{feature} sessions ended {en} than they began."),
        (_, true) => format!("Sitzungen in {feature} endeten {de}, als sie begannen."),
    };
    let body = if german {
        format!("Das sind {n} Sitzungen mit {feature}.")
    } else {
        format!("That counts {n} sessions with {feature}.")
    };
    ((head, vec!["direction"]), (body, vec!["counts"]))
}
