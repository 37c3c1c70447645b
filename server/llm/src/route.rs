//! Which model a text is worth: fixed rules over task, plan, consent, findings and budget. Never an error: the way down ends
//! at the template.

use spectrum_domain::{
    card::Grain,
    finding::{Finding, Kind},
    spending::BudgetState,
};

/// What a member pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing.
    Free,
    /// The paid part.
    Paid,
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

impl Tier {
    /// The name in metrics and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Small => "small",
            Self::Large => "large",
        }
    }
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

impl Why {
    /// The name in metrics and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoConsent => "no_consent",
            Self::NoProvider => "no_provider",
            Self::NoPrompt => "no_prompt",
            Self::NothingSignificant => "nothing_significant",
            Self::BudgetSpent => "budget_spent",
            Self::BudgetShort => "budget_short",
            Self::Usual => "usual",
        }
    }
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
    fn what_only_describes_is_not_significant() {
        assert_eq!(significant(&samples::every_kind()), 11);
        assert_eq!(significant(&[samples::counted(Kind::LowData)]), 0);
    }
}
