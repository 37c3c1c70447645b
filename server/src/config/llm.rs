//! The model that rephrases what is told: where it is, which ones, and what they may cost.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use spectrum_core::insight::load_spending;
use spectrum_llm::{
    price::{MicroDollars, PriceTable},
    provider::{Dialect, Settings},
};

use super::{Key, Values, key};

pub(super) const KEYS: [Key; 14] = [
    key(
        "llm.provider",
        "",
        "`openai` or `anthropic`: the protocol of a model that rephrases cards for members who agreed; empty: templates",
    ),
    key("llm.url", "", "its address, up to and without `/chat/completions` or `/v1/messages`"),
    key("llm.api_key", "", "its key"),
    key("llm.small_model", "", "the model for weeks, and for months where the budget runs low"),
    key("llm.large_model", "", "the model for a paying member's month in which much was found; empty: the small one"),
    key(
        "llm.safety_model",
        "",
        "the model that checks what another has written before a member sees it; empty: the guard alone does",
    ),
    key(
        "llm.batch",
        "no",
        "`yes`: questions wait for the next full hour and go in one batch, for half the price and an answer within a day",
    ),
    key("llm.prices", "", "file with what the models cost (docs/llm.md); a model without a price is not asked"),
    key("llm.extra_root", "", "file with a certificate (PEM) that is trusted beside the system's"),
    key("llm.timeout_seconds", "30", "longest a call may take, its second try included; at most 60"),
    key(
        "llm.daily_dollars",
        "5",
        "most that all calls of a day may cost; from 90 % on the small model, then templates",
    ),
    key("llm.monthly_dollars", "100", "the same of a calendar month (UTC)"),
    key("llm.task_monthly_dollars", "80", "the same of weeks and of months by themselves"),
    key("llm.member_monthly_dollars", "0.03", "the same of one member"),
];

/// The model that rephrases what is told.
#[derive(Clone, Debug)]
pub struct Llm {
    /// Where it is and how it is spoken to.
    pub provider: Settings,
    /// The small model's name there.
    pub small: String,
    /// The large one's.
    pub large: String,
    /// The name of the one that checks what they have written; none: nobody is asked.
    pub safety: Option<String>,
    /// Whether questions wait and are asked many at once.
    pub batch: bool,
    /// What they cost.
    pub prices: PriceTable,
    /// What they may cost.
    pub limits: Limits,
}

/// Most that may be spent.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// On everything, a day.
    pub day: MicroDollars,
    /// On everything, a month.
    pub month: MicroDollars,
    /// On one kind of task, a month.
    pub task_month: MicroDollars,
    /// On one member, a month.
    pub member_month: MicroDollars,
}

impl Limits {
    /// The same for those who look at them.
    pub const fn of_core(self) -> load_spending::Limits {
        let Self { day, month, task_month, member_month } = self;
        load_spending::Limits { day: day.0, month: month.0, task_month: task_month.0, member_month: member_month.0 }
    }
}

impl Values {
    pub(super) fn llm(&mut self) -> Option<Llm> {
        let dialect = match self.take("llm.provider").as_str() {
            "" => None,
            "openai" => Some(Dialect::OpenAi),
            "anthropic" => Some(Dialect::Anthropic),
            _ => {
                self.problems.push("- llm.provider: must be openai or anthropic, or empty".to_owned());
                None
            }
        };
        let (url, key) = (self.take("llm.url"), self.take("llm.api_key"));
        let (small, large) = (self.take("llm.small_model"), self.take("llm.large_model"));
        let safety = Some(self.take("llm.safety_model")).filter(|model| !model.is_empty());
        let batch = self.yes_or_no("llm.batch");
        let (prices, root) = (self.take("llm.prices"), self.take("llm.extra_root"));
        let timeout: u64 = self.parse("llm.timeout_seconds", 30);
        let limits = Limits {
            day: self.dollars("llm.daily_dollars"),
            month: self.dollars("llm.monthly_dollars"),
            task_month: self.dollars("llm.task_monthly_dollars"),
            member_month: self.dollars("llm.member_monthly_dollars"),
        };
        let dialect = dialect?;
        if !super::is_sealed_or_here(&url) {
            self.problems.push("- llm.url: must be set, and begin with https:// unless it is this machine".to_owned());
        }
        if small.is_empty() {
            self.problems.push("- llm.small_model: must be set with llm.provider".to_owned());
        }
        if !(1..=60).contains(&timeout) {
            self.problems.push("- llm.timeout_seconds: must be 1 to 60".to_owned());
        }
        let prices = self.prices(&prices)?;
        let mut provider = Settings::new(dialect, &url, SecretString::from(key));
        provider.timeout = Duration::from_secs(timeout);
        provider.extra_root = (!root.is_empty()).then(|| PathBuf::from(root));
        let large = if large.is_empty() { small.clone() } else { large };
        Some(Llm { provider, small, large, safety, batch, prices, limits })
    }

    fn prices(&mut self, path: &str) -> Option<PriceTable> {
        let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
        match read.and_then(|text| PriceTable::parse(&text).map_err(|error| error.to_string())) {
            Ok(prices) => Some(prices),
            Err(error) => {
                self.problems.push(format!("- llm.prices: can't be read: {error}"));
                None
            }
        }
    }

    /// Dollars with at most six decimals.
    fn dollars(&mut self, name: &str) -> MicroDollars {
        let text = self.take(name);
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 9 && rest.len() <= 6 && digits(whole) && digits(rest);
        if !fits {
            self.problems.push(format!("- {name}: must be dollars such as 5 or 0.03"));
            return MicroDollars(0);
        }
        let rest = format!("{rest:0<6}");
        MicroDollars(whole.parse::<u64>().unwrap_or(0) * 1_000_000 + rest.parse::<u64>().unwrap_or(0))
    }
}
