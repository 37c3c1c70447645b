//! The addresses of the operators' pages, and reading them back: closed words and numbers, never what came in.

use std::fmt;

use chrono::DateTime;
use leptos_router::params::ParamsMap;
use spectrum_core::queue::{
    operate::{Filter, Standing},
    pick::{Deed, Meant, Order, Place},
};
use spectrum_domain::{
    job::{Job, Queue},
    push::ChannelKind,
    schedule::Task,
};

/// An operators' page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ops {
    /// The queues at a glance.
    Pipeline,
    /// Jobs, page by page.
    Jobs(List),
    /// One job.
    Job(i64),
    /// What the calendar brings; of one task, where one is named.
    Schedule(Option<Task>),
    /// Who works.
    Workers,
    /// The channels of pushes.
    Push,
    /// The database under it all.
    Database,
    /// How far erasures have come.
    Erasures,
}

/// What a list of jobs shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// In this state.
    pub state: Option<Standing>,
    /// Of this queue.
    pub queue: Option<Queue>,
    /// Of this kind.
    pub kind: Option<&'static str>,
    /// Which end comes first.
    pub order: Order,
    /// Where the page before ended.
    pub after: Option<Place>,
}

impl List {
    /// All of them, from the one that has waited longest.
    pub const ALL: Self = Self { state: None, queue: None, kind: None, order: Order::Oldest, after: None };

    /// Those of a queue in a state.
    pub fn of(queue: Queue, state: Standing) -> Self {
        Self { state: Some(state), queue: Some(queue), ..Self::default() }
    }

    /// The same from its beginning.
    pub fn at_start(self) -> Self {
        Self { after: None, ..self }
    }

    /// What it asks of the queue.
    pub fn filter(self) -> Filter {
        Filter {
            queue: self.queue.map(|queue| queue.name().to_owned()),
            kind: self.kind.map(str::to_owned),
            standing: self.state,
        }
    }

    /// What an address asks for. A field that is empty asks for nothing; nothing at all where one holds what it can't.
    pub fn read(query: &ParamsMap) -> Option<Self> {
        let field = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Some(Self {
            state: read(field("state"), Standing::from_name)?,
            queue: read(field("queue"), Queue::from_name)?,
            kind: read(field("kind"), kind_of)?,
            order: read(field("order"), |name| match name {
                "oldest" => Some(Order::Oldest),
                "newest" => Some(Order::Newest),
                _ => None,
            })?
            .unwrap_or_default(),
            after: read(field("after"), |text| {
                let (at, id) = text.split_once('.')?;
                Some(Place { at: DateTime::from_timestamp_micros(at.parse().ok()?)?, id: id.parse().ok()? })
            })?,
        })
    }
}

/// A field that may be left out: nothing where it holds what it can't.
#[expect(clippy::option_option, reason = "left out, and of no meaning, are answered differently")]
fn read<T>(field: Option<String>, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    field.map_or(Some(None), |text| read(&text).map(Some))
}

/// The kind of this name, as this version knows it.
pub fn kind_of(name: &str) -> Option<&'static str> {
    Job::KINDS.into_iter().find(|kind| *kind == name)
}

impl fmt::Display for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipeline => f.write_str("/staff"),
            Self::Jobs(list) => write!(f, "/staff/jobs{list}"),
            Self::Job(id) => write!(f, "/staff/jobs/{id}"),
            Self::Schedule(None) => f.write_str("/staff/schedule"),
            Self::Schedule(Some(task)) => write!(f, "/staff/schedule?task={}", task.name()),
            Self::Workers => f.write_str("/staff/workers"),
            Self::Push => f.write_str("/staff/push"),
            Self::Database => f.write_str("/staff/database"),
            Self::Erasures => f.write_str("/staff/erasures"),
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sign = '?';
        let fields = [
            ("state", self.state.map(|state| state.name().to_owned())),
            ("queue", self.queue.map(|queue| queue.name().to_owned())),
            ("kind", self.kind.map(str::to_owned)),
            ("order", (self.order == Order::Newest).then(|| "newest".to_owned())),
            ("after", self.after.map(|Place { at, id }| format!("{}.{id}", at.timestamp_micros()))),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                write!(f, "{sign}{name}={value}")?;
                sign = '&';
            }
        }
        Ok(())
    }
}

/// What is asked before something is done to many jobs: the address of the page that asks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is to be done.
    pub deed: Deed,
    /// To which.
    pub to: To,
}

/// To which jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// To these.
    Chosen(Vec<i64>),
    /// To all that match.
    All(List),
}

/// More can't be chosen on a page, and an address must not grow without end.
const MOST_CHOSEN: usize = 100;

impl Ask {
    /// What an address asks.
    pub fn read(query: &ParamsMap) -> Option<Self> {
        let deed = Deed::from_name(&query.get("deed")?)?;
        if query.get("all").as_deref() == Some("yes") {
            let List { queue, kind, .. } = List::read(query)?;
            return Some(Self { deed, to: To::All(List { queue, kind, ..List::default() }) });
        }
        let chosen = query.get_all("job").unwrap_or_default();
        Some(Self { deed, to: To::Chosen(numbers(chosen.iter().map(String::as_str))?) })
    }

    /// What the fields of a form ask: the numbers in one, parted by commas.
    pub fn of_form(deed: &str, jobs: &str, all: &str, queue: &str, kind: &str) -> Option<Self> {
        let deed = Deed::from_name(deed)?;
        if all == "yes" {
            let queue = if queue.is_empty() { None } else { Some(Queue::from_name(queue)?) };
            let kind = if kind.is_empty() { None } else { Some(kind_of(kind)?) };
            return Some(Self { deed, to: To::All(List { queue, kind, ..List::default() }) });
        }
        Some(Self { deed, to: To::Chosen(numbers(jobs.split(',').filter(|text| !text.is_empty()))?) })
    }

    /// The same for the queue.
    pub fn meant(&self) -> Meant {
        match &self.to {
            To::Chosen(ids) => Meant::Chosen(ids.clone()),
            To::All(list) => Meant::All(list.filter()),
        }
    }

    /// Where it leads back to: the job where it is one, else the list they stand in.
    pub fn back(&self) -> Ops {
        match &self.to {
            To::Chosen(ids) if ids.len() == 1 => Ops::Job(ids[0]),
            To::Chosen(_) => Ops::Jobs(List { state: Some(self.deed.to()), ..List::default() }),
            To::All(list) => Ops::Jobs(List { state: Some(self.deed.to()), ..*list }),
        }
    }
}

/// Numbers of jobs, each once.
fn numbers<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Vec<i64>> {
    let mut ids = texts.map(|text| text.parse().ok()).collect::<Option<Vec<i64>>>()?;
    ids.sort_unstable();
    ids.dedup();
    (ids.len() <= MOST_CHOSEN).then_some(ids)
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/staff/jobs/sure?deed={}", self.deed.name())?;
        match &self.to {
            To::Chosen(ids) => ids.iter().try_for_each(|id| write!(f, "&job={id}")),
            To::All(list) => {
                let fields = list.to_string();
                write!(f, "&all=yes{}", fields.replacen('?', "&", 1))
            }
        }
    }
}

/// A queue or a channel that is to be paused or to go on, as the address of the page that asks it names it.
pub fn switch<T>(query: &ParamsMap, named: impl Fn(&str) -> Option<T>) -> Option<(T, bool)> {
    let asked = |field: &str, paused| Some((named(&query.get(field)?)?, paused));
    asked("pause", true).or_else(|| asked("resume", false))
}

/// The channel of this name.
pub fn channel_of(name: &str) -> Option<ChannelKind> {
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> ParamsMap {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn fields(address: &str) -> ParamsMap {
        query(address.split_once('?').map_or("", |(_, fields)| fields))
    }

    #[test]
    fn a_list_leads_back_to_itself() {
        let at = DateTime::from_timestamp_micros(1_763_640_000_123_456).expect("an instant");
        for list in [
            List::default(),
            List::of(Queue::Push, Standing::Dead),
            List { kind: Some("analyze_session"), order: Order::Newest, ..List::default() },
            List { after: Some(Place { at, id: 7 }), ..List::of(Queue::Upkeep, Standing::Waiting) },
        ] {
            assert_eq!(List::read(&fields(&Ops::Jobs(list).to_string())), Some(list));
        }
        assert_eq!(List::read(&query("state=&queue=&kind=&order=oldest")), Some(List::default()), "an empty form");
        for wrong in ["state=odd", "queue=odd", "kind=odd", "order=odd", "after=7", "after=x.7", "after=9e99.1"] {
            assert_eq!(List::read(&query(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_asked_leads_back_to_itself() {
        let list = List { queue: Some(Queue::Rollup), kind: Some("write_editions"), ..List::default() };
        for to in [To::Chosen(vec![]), To::Chosen(vec![3, 17]), To::All(List::default()), To::All(list)] {
            let ask = Ask { deed: Deed::Bury, to };
            assert_eq!(Ask::read(&fields(&ask.to_string())), Some(ask));
        }
        let form = Ask::of_form("retry", "17,3,3", "", "", "").expect("numbers");
        assert_eq!(form, Ask { deed: Deed::Retry, to: To::Chosen(vec![3, 17]) });
        assert_eq!(Ask::of_form("bury", "", "yes", "rollup", "write_editions").map(|ask| ask.to), Some(To::All(list)));
        for (deed, jobs, queue) in [("burn", "1", ""), ("retry", "1;2", ""), ("retry", "", "odd")] {
            assert_eq!(Ask::of_form(deed, jobs, if queue.is_empty() { "" } else { "yes" }, queue, ""), None);
        }
        let many: Vec<String> = (0..101).map(|id| id.to_string()).collect();
        assert_eq!(Ask::of_form("retry", &many.join(","), "", "", ""), None);
    }
}
