//! Everything that Spectrum would say of made-up people, in one plain value: another implementation, given the same people, has to come to
//! the same.

use serde::Serialize;

use super::{
    Refusal,
    funnel::{self, Conversion, Funnel, Upgrade, Window},
    impact::Impact,
    number,
    observed::{Balance, DifferenceInDifferences, Landmark, Landmarked, Observed, RawGap},
    retention::{self, Retention, is_over},
    simulated::{FIRST_DAY, HEADLINE_WEEK, Person, Population, Side, WEEKS_BEFORE},
    tally::Tally,
};

/// Days after assignment on which users are told from others.
pub const LANDMARK_DAY: u16 = 14;
/// The last of the four weeks after the landmark.
const LAST_WEEK: u8 = 6;

/// What is said of a population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Which.
    pub population: Population,
    /// The week after assignment that the headline is about.
    pub headline_week: u8,
    /// Every week after assignment: by lot.
    pub retention: Vec<Retention>,
    /// Who had opened Spectrum by the end of the headline week against who had not, in that week.
    pub raw_gap: Result<RawGap, Refusal>,
    /// The same within people who were there in as many weeks before, weighed by those who opened: matching does not mend it. None where
    /// no group has both.
    pub not_an_effect_stratified: Option<f64>,
    /// From the landmark on.
    pub landmark: Result<Landmarked, Refusal>,
    /// Differences in differences: four weeks from the landmark on against four before assignment.
    pub observed: Result<Observed, Refusal>,
    /// Teaser to upgrade, of those who saw it.
    pub funnel: Funnel,
    /// Teaser to upgrade, by lot, by window.
    pub impact: Vec<Impact>,
}

/// Hits and people.
type Counted = (u64, u64);

fn count(counted: &mut Counted, hit: bool) {
    counted.0 += u64::from(hit);
    counted.1 += 1;
}

/// Two groups: the others, and users.
type Groups<T> = [T; 2];

/// People added up, as a database would.
#[derive(Debug)]
pub struct Gathered {
    population: Population,
    landmark: Option<Landmark>,
    retention: [retention::Cohorts; 2],
    strata: [Groups<Counted>; WEEKS_BEFORE + 1],
    from_landmark: Groups<Counted>,
    change: Groups<Tally>,
    change_before: Groups<Tally>,
    weeks_before: Groups<Tally>,
    last_week_before: Groups<Tally>,
    in_webview: Groups<Tally>,
    exposed: funnel::Cohorts,
    teaser: [funnel::Cohorts; 2],
}

impl Gathered {
    /// Nobody yet.
    pub fn new(population: &Population) -> Self {
        Self {
            population: *population,
            landmark: Landmark::new(LANDMARK_DAY, HEADLINE_WEEK).ok(),
            retention: Default::default(),
            strata: Default::default(),
            from_landmark: Default::default(),
            change: Default::default(),
            change_before: Default::default(),
            weeks_before: Default::default(),
            last_week_before: Default::default(),
            in_webview: Default::default(),
            exposed: funnel::Cohorts::default(),
            teaser: Default::default(),
        }
    }

    /// All of them.
    pub fn of(population: &Population, people: impl IntoIterator<Item = Person>) -> Self {
        let mut gathered = Self::new(population);
        people.into_iter().for_each(|person| gathered.add(&person));
        gathered
    }

    /// One more person.
    pub fn add(&mut self, person: &Person) {
        self.retention[side(person.arm)].add(person.assigned_day(), &person.weeks);
        if person.arm == Side::Feature {
            self.observe(person);
        }
        let hour = |hour: u32| i64::from(hour);
        let upgrade =
            person.upgrade_hour.map(|paid| Upgrade { hour: hour(paid), refund: person.refund_hour.map(hour) });
        let conversion = |anchor: u32| Conversion::after(hour(anchor), upgrade.as_slice());
        self.teaser[side(person.teaser_arm)].add(person.assigned_day(), conversion(person.assigned_hour));
        let first = person.exposures.iter().min().copied();
        if let Some(first) = first.filter(|first| *first < u32::from(self.population.today) * 24) {
            let day = FIRST_DAY + chrono::Days::new(u64::from(first / 24));
            self.exposed.add(day, conversion(first));
        }
    }

    /// One more person who has Spectrum, as far as it is only seen what they do.
    fn observe(&mut self, person: &Person) {
        let (day, today) = (person.assigned_day(), self.population.today());
        let there_in = |week: u8| person.weeks.get(usize::from(week) - 1).copied().unwrap_or_default();
        let weeks_in = |weeks: &[bool]| -> i32 { weeks.iter().copied().map(i32::from).sum() };
        let before = weeks_in(&person.before);
        let user = self.landmark.is_some_and(|landmark| landmark.is_user(person.opened_day));
        if is_over(day, HEADLINE_WEEK, today) {
            let opened = person.opened_week().is_some_and(|week| week <= HEADLINE_WEEK);
            let stratum = &mut self.strata[usize::try_from(before).unwrap_or_default()];
            count(&mut stratum[usize::from(opened)], there_in(HEADLINE_WEEK));
            count(&mut self.from_landmark[usize::from(user)], there_in(HEADLINE_WEEK));
        }
        if is_over(day, LAST_WEEK, today) {
            let group = usize::from(user);
            let after: i32 = (LAST_WEEK - 3..=LAST_WEEK).map(|week| i32::from(there_in(week))).sum();
            self.change[group].add(after - before);
            self.change_before[group].add(weeks_in(&person.before[2..]) - weeks_in(&person.before[..2]));
            self.weeks_before[group].add(before);
            self.last_week_before[group].add(i32::from(person.before[WEEKS_BEFORE - 1]));
            self.in_webview[group].add(i32::from(person.surface == crate::product_event::Surface::Webview));
        }
    }

    /// One week after assignment, by lot.
    pub fn retention(&self, week: u8) -> Retention {
        let [feature, holdout] = &self.retention;
        Retention::of(feature, holdout, self.weights(), week, self.population.today())
    }

    /// One window after assignment, by lot.
    pub fn impact(&self, window: Window) -> Impact {
        let [teaser, holdout] = &self.teaser;
        Impact::of(teaser, holdout, self.weights(), window, self.population.today())
    }

    fn weights(&self) -> [u16; 2] {
        [super::experiment::WHOLE - self.population.holdout, self.population.holdout]
    }

    /// Who had opened by the end of the headline week against who had not.
    pub fn raw_gap(&self) -> Result<RawGap, Refusal> {
        let group = |group: usize| {
            self.strata.iter().fold((0, 0), |sum, stratum| (sum.0 + stratum[group].0, sum.1 + stratum[group].1))
        };
        RawGap::between(group(1), group(0))
    }

    /// The same within people who were there in as many weeks before.
    pub fn stratified(&self) -> Option<f64> {
        let (mut sum, mut users) = (0.0, 0.0);
        for [others, opened] in self.strata.iter().filter(|groups| groups.iter().all(|(_, people)| *people > 0)) {
            let share = |counted: &Counted| number(counted.0) / number(counted.1);
            sum += number(opened.1) * (share(opened) - share(others));
            users += number(opened.1);
        }
        (users > 0.0).then(|| sum / users)
    }

    /// Users and others from the landmark on.
    pub fn landmark(&self) -> Result<Landmarked, Refusal> {
        let [others, users] = self.from_landmark;
        self.landmark.ok_or(Refusal::WindowsOpen)?.compare(users, others)
    }

    /// Differences in differences with what is to be held against them.
    pub fn observed(&self) -> Result<Observed, Refusal> {
        let between = |[others, users]: &Groups<Tally>, weeks| DifferenceInDifferences::of(users, others, weeks);
        let balance = |of, [others, users]: &Groups<Tally>| Balance::of(of, users, others);
        Ok(Observed::of(
            between(&self.change, 4)?,
            between(&self.change_before, 2)?,
            vec![
                balance("weeks there, of the four before", &self.weeks_before),
                balance("there in the week before", &self.last_week_before),
                balance("in the host's app", &self.in_webview),
            ],
        ))
    }

    /// Everything.
    pub fn summary(&self) -> Summary {
        Summary {
            population: self.population,
            headline_week: HEADLINE_WEEK,
            retention: (1..=self.population.weeks).map(|week| self.retention(week)).collect(),
            raw_gap: self.raw_gap(),
            not_an_effect_stratified: self.stratified(),
            landmark: self.landmark(),
            observed: self.observed(),
            funnel: Funnel::of(&self.exposed, self.population.today()),
            impact: Window::ALL.iter().map(|window| self.impact(*window)).collect(),
        }
    }
}

const fn side(side: Side) -> usize {
    match side {
        Side::Feature => 0,
        Side::Holdout => 1,
    }
}
