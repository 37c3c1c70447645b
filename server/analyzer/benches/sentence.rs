//! A sentence of thirteen words, measured by the model, by the crisis detector with its rules, and by the word list of the
//! crate `vader_sentiment`. Sentences are taken in turn from the project's own, so that no cache knows the next one.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use spectrum_analyzer::{crisis, embedded, probe, text::Sentence, text::sentences};

/// Sentences of twelve to fourteen words, thirteen on average.
fn sample() -> Vec<&'static str> {
    let turns = probe::affect();
    let found: Vec<&str> = turns
        .iter()
        .flat_map(|turn| sentences(turn.text))
        .filter(|sentence| (12..=14).contains(&sentence.split_whitespace().count()))
        .collect();
    assert!(found.len() > 100, "the probe has that many");
    found
}

fn sentence(criterion: &mut Criterion) {
    let (model, sample) = (embedded(), sample());
    let vader = vader_sentiment::SentimentIntensityAnalyzer::new();
    let mut group = criterion.benchmark_group("sentence");
    let mut next = sample.iter().cycle();
    group.bench_function("model", |bencher| {
        bencher.iter(|| model.score(&Sentence::read(black_box(next.next().copied().unwrap_or_default()))));
    });
    let mut next = sample.iter().cycle();
    group.bench_function("as_a_turn", |bencher| {
        bencher.iter(|| model.measure(&model.score_turn(black_box(next.next().copied().unwrap_or_default()))));
    });
    let mut next = sample.iter().cycle();
    group.bench_function("crisis", |bencher| {
        bencher.iter(|| {
            let turn = black_box(next.next().copied().unwrap_or_default());
            crisis::flagged(model, turn, &model.score_turn(turn))
        });
    });
    let mut next = sample.iter().cycle();
    group.bench_function("vader_sentiment", |bencher| {
        bencher.iter(|| vader.polarity_scores(black_box(next.next().copied().unwrap_or_default())));
    });
    group.finish();
}

criterion_group!(benches, sentence);
criterion_main!(benches);
