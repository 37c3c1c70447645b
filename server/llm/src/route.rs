//! Which model a text is worth: fixed rules over task, plan, consent, findings and budget. Never an error: the way down ends
//! at the template.

use spectrum_domain::{
    card::Grain,
    finding::{Finding, Kind},
};

use crate::price::MicroDollars;

/// What a member pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing.
    Free,
    /// The paid part.
    Paid,
}

/// How much of a budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BudgetState {
    /// Below 75 %.
    Well,
    /// From 75 %: somebody is told.
    Warned,
    /// From 90 %: nothing but the small model.
    Short,
    /// All of it: templates.
    Spent,
}

impl BudgetState {
    /// Of one budget; one of nothing is spent.
    pub fn of(spent: MicroDollars, limit: MicroDollars) -> Self {
        let (spent, limit) = (u128::from(spent.0) * 100, u128::from(limit.0));
        match () {
            () if spent >= limit * 100 => Self::Spent,
            () if spent >= limit * 90 => Self::Short,
            () if spent >= limit * 75 => Self::Warned,
            () => Self::Well,
        }
    }

    /// The tightest of several: of the day, the month, all members, this one. Without a budget there is no limit.
    pub fn tightest(states: impl IntoIterator<Item = Self>) -> Self {
        states.into_iter().max().unwrap_or(Self::Well)
    }
}

/// What a route is chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// A week's cards or a month's text.
    pub task: Grain,
    /// What the member pays for.
    pub plan: Plan,
    /// Whether they agreed to a model.
    pub consent: bool,
    /// Whether there is a provider.
    pub provider: bool,
    /// Whether a revision of the prompt is in use.
    pub prompt: bool,
    /// Findings that say more than a description does, by [`significant`].
    pub significant: usize,
    /// The tightest budget.
    pub budget: BudgetState,
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// A template.
    Template,
    /// The small model.
    Small,
    /// The large one.
    Large,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The member did not agree.
    NoConsent,
    /// There is nobody to ask.
    NoProvider,
    /// No revision of the prompt has passed review.
    NoPrompt,
    /// There is nothing that a model could say better.
    NothingSignificant,
    /// The budget is spent.
    BudgetSpent,
    /// The budget is nearly spent.
    BudgetShort,
    /// The usual one for the task.
    Usual,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Who writes.
    pub tier: Tier,
    /// Why.
    pub why: Why,
    /// Whether somebody is to be told that the budget runs low.
    pub warn: bool,
}

/// Findings from which a month is worth the large model.
const LARGE_FROM: usize = 3;

/// Who writes it.
pub fn route(facts: Facts) -> Route {
    let large = facts.task == Grain::Month && facts.plan == Plan::Paid && facts.significant >= LARGE_FROM;
    let (tier, why) = match facts.budget {
        _ if !facts.consent => (Tier::Template, Why::NoConsent),
        _ if !facts.provider => (Tier::Template, Why::NoProvider),
        _ if !facts.prompt => (Tier::Template, Why::NoPrompt),
        _ if facts.significant == 0 => (Tier::Template, Why::NothingSignificant),
        BudgetState::Spent => (Tier::Template, Why::BudgetSpent),
        BudgetState::Short => (Tier::Small, Why::BudgetShort),
        BudgetState::Well | BudgetState::Warned if large => (Tier::Large, Why::Usual),
        BudgetState::Well | BudgetState::Warned => (Tier::Small, Why::Usual),
    };
    Route { tier, why, warn: facts.budget >= BudgetState::Warned }
}

/// How many of the findings rest on a test that held.
pub fn significant(findings: &[Finding]) -> usize {
    let holds = |finding: &&Finding| {
        matches!(
            finding.kind,
            Kind::Changed
                | Kind::FirstTime
                | Kind::Returned
                | Kind::WeekdayPattern
                | Kind::DaypartPattern
                | Kind::FeatureShift
                | Kind::FeatureContrast
                | Kind::MovedMost
        )
    };
    findings.iter().filter(holds).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::samples;

    const USUAL: Facts = Facts {
        task: Grain::Month,
        plan: Plan::Paid,
        consent: true,
        provider: true,
        prompt: true,
        significant: 4,
        budget: BudgetState::Well,
    };

    #[test]
    fn the_way_down_ends_at_the_template() {
        for (facts, tier, why) in [
            (USUAL, Tier::Large, Why::Usual),
            (Facts { task: Grain::Week, ..USUAL }, Tier::Small, Why::Usual),
            (Facts { plan: Plan::Free, ..USUAL }, Tier::Small, Why::Usual),
            (Facts { significant: 2, ..USUAL }, Tier::Small, Why::Usual),
            (Facts { significant: 0, ..USUAL }, Tier::Template, Why::NothingSignificant),
            (Facts { consent: false, ..USUAL }, Tier::Template, Why::NoConsent),
            (Facts { provider: false, ..USUAL }, Tier::Template, Why::NoProvider),
            (Facts { prompt: false, ..USUAL }, Tier::Template, Why::NoPrompt),
            (Facts { budget: BudgetState::Warned, ..USUAL }, Tier::Large, Why::Usual),
            (Facts { budget: BudgetState::Short, ..USUAL }, Tier::Small, Why::BudgetShort),
            (Facts { budget: BudgetState::Spent, ..USUAL }, Tier::Template, Why::BudgetSpent),
            (Facts { budget: BudgetState::Spent, consent: false, ..USUAL }, Tier::Template, Why::NoConsent),
        ] {
            assert_eq!(route(facts), Route { tier, why, warn: facts.budget >= BudgetState::Warned }, "{facts:?}");
        }
    }

    #[test]
    fn a_budget_is_told_at_three_marks() {
        let of = |spent| BudgetState::of(MicroDollars(spent), MicroDollars(20_000));
        assert_eq!([of(0), of(14_999)], [BudgetState::Well; 2]);
        assert_eq!([of(15_000), of(17_999)], [BudgetState::Warned; 2]);
        assert_eq!([of(18_000), of(19_999)], [BudgetState::Short; 2]);
        assert_eq!([of(20_000), of(u64::MAX)], [BudgetState::Spent; 2]);
        assert_eq!(BudgetState::of(MicroDollars(0), MicroDollars(0)), BudgetState::Spent);
        assert_eq!(BudgetState::tightest([of(0), of(18_000), of(15_000)]), BudgetState::Short);
        assert_eq!(BudgetState::tightest([]), BudgetState::Well);
    }

    #[test]
    fn what_only_describes_is_not_significant() {
        assert_eq!(significant(&samples::every_kind()), 11);
        assert_eq!(significant(&[samples::counted(Kind::LowData)]), 0);
    }
}
