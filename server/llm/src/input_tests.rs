//! Holds that the input knows closed lists and numbers only, and nothing of one or two sessions.

use serde_json::Value;
use spectrum_domain::{
    affect::{Family, Quadrant},
    card::{Grain, Language},
    finding::{CellPath, Evidence, Kind, Window},
};

use super::*;
use crate::fake::{samples, vocabulary};

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            found.push(name.clone());
            strings(value, found);
        }),
        _ => {}
    }
}

#[test]
fn every_string_is_from_a_closed_list() {
    for language in Language::ALL {
        for grain in Grain::ALL {
            let input = Input::new(&samples::every_kind(), grain, language, samples::coverage());
            let mut found = Vec::new();
            strings(&serde_json::to_value(&input).expect("JSON"), &mut found);
            assert!(found.len() > 100);
            for text in found {
                assert!(vocabulary::is_closed(&text), "{text}");
            }
        }
    }
}

#[test]
fn cells_of_one_or_two_sessions_are_left_out_with_what_tells_them() {
    let mut finding = samples::family_changed(Family::Worry, Direction::Lower, (2, 20), (80, 120));
    let input = |finding: &Finding| {
        Input::new(std::slice::from_ref(finding), Grain::Week, Language::English, samples::coverage())
    };
    let statement = input(&finding).statements.remove(0);
    assert_eq!(statement.figure, None, "2 of 20 could be read from 10 %");
    assert_eq!(statement.own(Span::Now), None);
    assert_eq!(statement.own(Span::Before), Some(80));

    finding.evidence[0].n = 3;
    let statement = input(&finding).statements.remove(0);
    assert_eq!(statement.own(Span::Now), Some(3));
    assert!(statement.figure.is_some());
}

#[test]
fn a_pattern_has_its_cells_over_all_periods_at_once() {
    let mut finding = samples::level(Axis::Valence, Direction::Lower);
    finding.kind = Kind::WeekdayPattern;
    finding.subject = Subject::Weekday(Weekday::Mon);
    finding.window = Window::Together;
    let cell = CellPath::Weekday(Weekday::Mon);
    finding.evidence = [(0, 1), (1, 2), (2, 6)].map(|(ago, n)| Evidence { ago, cell, n }).to_vec();
    let input = Input::new(&[finding], Grain::Week, Language::English, samples::coverage());
    assert_eq!(input.statements[0].evidence, [Cell { cell, span: Span::Together, n: 9 }]);
    assert_eq!(input.statements[0].periods, 3);
}

#[test]
fn figures_are_whole_and_shares_are_hundredths() {
    let findings = [samples::mix(Quadrant::LowPleasant, 9, 12), samples::level(Axis::Arousal, Direction::Lower)];
    let input = Input::new(&findings, Grain::Month, Language::German, samples::coverage());
    let figures: Vec<_> = input.statements.iter().map(|statement| statement.figure).collect();
    assert_eq!(figures[0], Some(Figure { unit: Unit::Percent, value: 75, reference: None }));
    assert_eq!(figures[1], Some(Figure { unit: Unit::Points, value: -23, reference: Some(0) }));
    assert_eq!(whole(f64::NAN), 0);
}

#[test]
fn so_many_statements_and_no_more() {
    let many = vec![samples::level(Axis::Valence, Direction::Higher); 40];
    let input = Input::new(&many, Grain::Month, Language::English, samples::coverage());
    assert_eq!(input.statements.len(), MOST_STATEMENTS);
    assert!(input.statement(11).is_some() && input.statement(12).is_none());
}

use chrono::Weekday;
use spectrum_domain::finding::Axis;
