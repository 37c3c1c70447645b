//! Which address shows which page, and the only way to write an address: a route.

use std::fmt;

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route as Page, Router},
    path,
};
use spectrum_core::Destination;
use spectrum_domain::{
    calendar::{Month, WeekLabel},
    id::{BatchId, CardId, ErasureId, ResetId, SessionId},
    span::Span,
};

use super::{
    cost::CostPage,
    engagement::EngagementPage,
    experiments::ExperimentsPage,
    feed::{FeedFromPage, FeedPage, MonthPage, MonthsPage},
    landscape::{LandscapePage, NewestLandscape},
    made::MadePage,
    offline::OfflinePage,
    ops::{
        DatabasePage, ErasuresPage, JobPage, JobsPage, PipelinePage, PushPage, SchedulePage, SurePage, WorkersPage,
        address::Ops,
    },
    patterns::{NewestPatterns, PatternsPage},
    problem::{Problem, ProblemPage},
    quality::QualityPage,
    retention::RetentionPage,
    review::{PairPage, ReviewsPage, TextPage},
    session::SessionPage,
    sessions::SessionsPage,
    settings::{
        CalendarPage, ErasePage, ErasedPage, ExclusionsPage, ExportPage, LookedPage, NoticesPage, ResetPage,
        SettingsPage,
    },
    sign_in::{SignInPage, SignedOutPage},
    spans::At,
    styleguide::StyleGuidePage,
    upgrades::UpgradesPage,
    week::{NewestWeek, WeekPage},
};

/// Every address a page links or a form redirects to. None is ever made of what came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The newest week with data.
    Newest,
    /// One week.
    Week(WeekLabel),
    /// One week, at the line that says what a form just did.
    WeekSaid(WeekLabel),
    /// The landscape of the newest days.
    NewestLandscape,
    /// The landscape of a span; of a week the week's own page.
    Landscape(At),
    /// The same beside the span before.
    LandscapeCompared(At),
    /// A figure of the landscape as a file: its name and the file's kind.
    LandscapeFile(At, &'static str, &'static str),
    /// The patterns of the newest days.
    NewestPatterns,
    /// The patterns of a span.
    Patterns(At),
    /// The same beside the span before.
    PatternsCompared(At),
    /// A figure of the patterns as a file.
    PatternsFile(At, &'static str, &'static str),
    /// The sessions of a span.
    Sessions(At),
    /// The same before a day.
    SessionsBefore(At, NaiveDate),
    /// The same, from the end of the span or before a day, at the line that says what a form just did.
    SessionsSaid(At, Option<NaiveDate>),
    /// What was told of weeks that have ended, newest first.
    Feed,
    /// The same from a week on backwards.
    FeedFrom(WeekLabel),
    /// The feed at a card.
    FeedCard(WeekLabel, CardId),
    /// Every month of which something was told.
    Months,
    /// One month.
    Month(Month),
    /// A month at a card.
    MonthCard(Month, CardId),
    /// One session.
    Session(SessionId),
    /// What the member decides about their data.
    Settings,
    /// What is left out.
    Exclusions,
    /// Where the member lives and when their weeks begin.
    Calendar,
    /// Whether and when the member is told that a week is ready.
    Notices,
    /// Starting afresh.
    Reset,
    /// The receipt of having done so.
    ResetDone(ResetId),
    /// Everything held about the member, to take along.
    Export,
    /// The same, after asking for it failed on our side.
    ExportFailed,
    /// The archive of it, as a file.
    ExportArchive,
    /// The sign-in page without a code: it says what to do.
    SignIn,
    /// The sign-in page after something on our side failed.
    SignInFailed,
    /// After signing out.
    SignedOut,
    /// What erasure takes, and the form that asks for it.
    Erase,
    /// The same after the form was sent without the word.
    EraseNotMeant,
    /// The same after something on our side failed.
    EraseFailed,
    /// An erasure's number and where its receipt is.
    Erased(ErasureId),
    /// Who looked at the member's data and what was done with it.
    Looked,
    /// Who chooses the words, and what people said who judged them.
    Made,
    /// Every token and component, with made-up data.
    StyleGuide,
    /// The machine's numbers.
    Staff,
    /// One of the operators' other pages.
    Ops(Ops),
    /// What models cost in a month, this one where none is said.
    Cost(Option<Month>),
    /// How good what is told is, in a month; this one where none is said.
    Quality(Option<Month>),
    /// How Spectrum is used, in the newest week.
    Engagement,
    /// Whether the teaser leads to the paid plan.
    Upgrades,
    /// Whether what is tried brings people back.
    Retention,
    /// What some are kept from by lot.
    Experiments,
    /// What reviewers judge.
    Reviews,
    /// The next pair of a batch.
    ReviewPair(BatchId),
    /// The next text of a batch that is scored by the rubric.
    ReviewText(BatchId),
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => f.write_str("/spectrum"),
            Self::Week(label) => write!(f, "/spectrum/week/{label}"),
            Self::WeekSaid(label) => write!(f, "/spectrum/week/{label}#said"),
            Self::NewestLandscape => f.write_str("/spectrum/landscape"),
            Self::Landscape(At { span: Span::Week(week), .. }) => write!(f, "/spectrum/week/{}", week.label()),
            // A week's page shows the week before by itself.
            Self::LandscapeCompared(at @ At { span: Span::Week(_), .. }) => Self::Landscape(*at).fmt(f),
            Self::Landscape(at) => write!(f, "/spectrum/landscape/{at}"),
            Self::LandscapeCompared(at) => write!(f, "/spectrum/landscape/{at}?compare"),
            Self::LandscapeFile(At { span, .. }, name, kind) => write!(f, "/spectrum/landscape/{span}/{name}.{kind}"),
            Self::NewestPatterns => f.write_str("/spectrum/patterns"),
            Self::Patterns(at) => write!(f, "/spectrum/patterns/{at}"),
            Self::PatternsCompared(at) => write!(f, "/spectrum/patterns/{at}?compare"),
            Self::PatternsFile(At { span, .. }, name, kind) => write!(f, "/spectrum/patterns/{span}/{name}.{kind}"),
            Self::Sessions(at) => write!(f, "/spectrum/sessions/{at}"),
            Self::SessionsBefore(at, day) => write!(f, "/spectrum/sessions/{at}?before={day}"),
            Self::SessionsSaid(at, None) => write!(f, "{}#said", Self::Sessions(*at)),
            Self::SessionsSaid(at, Some(day)) => write!(f, "{}#said", Self::SessionsBefore(*at, *day)),
            Self::Feed => f.write_str("/spectrum/feed"),
            Self::FeedFrom(label) => write!(f, "/spectrum/feed/{label}"),
            Self::FeedCard(label, card) => write!(f, "/spectrum/feed/{label}#card-{card}"),
            Self::Months => f.write_str("/spectrum/months"),
            Self::Month(month) => write!(f, "/spectrum/month/{month}"),
            Self::MonthCard(month, card) => write!(f, "/spectrum/month/{month}#card-{card}"),
            Self::Session(session) => write!(f, "/spectrum/session/{session}"),
            Self::Settings => f.write_str("/spectrum/settings"),
            Self::Calendar => f.write_str("/spectrum/settings/calendar"),
            Self::Notices => f.write_str("/spectrum/settings/notices"),
            Self::Reset => f.write_str("/spectrum/settings/reset"),
            Self::ResetDone(id) => write!(f, "/spectrum/settings/reset?done={id}"),
            Self::Exclusions => f.write_str("/spectrum/settings/exclusions"),
            Self::Export => f.write_str("/spectrum/settings/export"),
            Self::ExportFailed => f.write_str("/spectrum/settings/export?failed"),
            Self::ExportArchive => f.write_str("/spectrum/settings/export/archive"),
            Self::SignIn => f.write_str("/sign-in"),
            Self::SignInFailed => f.write_str("/sign-in?failed"),
            Self::SignedOut => f.write_str("/signed-out"),
            Self::Erase => f.write_str("/spectrum/settings/erase"),
            Self::EraseNotMeant => f.write_str("/spectrum/settings/erase?not-meant"),
            Self::EraseFailed => f.write_str("/spectrum/settings/erase?failed"),
            Self::Erased(erasure) => write!(f, "/erased/{erasure}"),
            Self::Looked => f.write_str("/spectrum/settings/looked"),
            Self::Made => f.write_str("/spectrum/made"),
            Self::StyleGuide => f.write_str("/styleguide"),
            Self::Staff => f.write_str("/staff"),
            Self::Ops(page) => page.fmt(f),
            Self::Cost(None) => f.write_str("/staff/cost"),
            Self::Cost(Some(month)) => write!(f, "/staff/cost?month={month}"),
            Self::Quality(None) => f.write_str("/staff/quality"),
            Self::Quality(Some(month)) => write!(f, "/staff/quality?month={month}"),
            Self::Engagement => f.write_str("/staff/engagement"),
            Self::Upgrades => f.write_str("/staff/upgrades"),
            Self::Retention => f.write_str("/staff/retention"),
            Self::Experiments => f.write_str("/staff/experiments"),
            Self::Reviews => f.write_str("/staff/review"),
            Self::ReviewPair(batch) => write!(f, "/staff/review/{batch}/pair"),
            Self::ReviewText(batch) => write!(f, "/staff/review/{batch}/text"),
        }
    }
}

impl From<Destination> for Route {
    fn from(destination: Destination) -> Self {
        match destination {
            Destination::Newest => Self::Newest,
            Destination::Week(label) => Self::Week(label),
            Destination::Month(month) => Self::Month(month),
            Destination::Feed => Self::Feed,
            Destination::Months => Self::Months,
            Destination::Landscape => Self::NewestLandscape,
            Destination::Patterns => Self::NewestPatterns,
            Destination::Settings => Self::Settings,
            Destination::Staff => Self::Staff,
        }
    }
}

/// The application: its routes, each drawn whole before the first byte is sent, so that it reads without script.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=|| view! { <ProblemPage problem=Problem::NotFound/> }>
                <Page path=path!("/spectrum") view=NewestWeek ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/week/:week") view=WeekPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/landscape") view=NewestLandscape ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/landscape/:span") view=LandscapePage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/patterns") view=NewestPatterns ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/patterns/:span") view=PatternsPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/sessions/:span") view=SessionsPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/feed") view=FeedPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/feed/:week") view=FeedFromPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/months") view=MonthsPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/month/:month") view=MonthPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/session/:session") view=SessionPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings") view=SettingsPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/exclusions") view=ExclusionsPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/calendar") view=CalendarPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/notices") view=NoticesPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/reset") view=ResetPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/erase") view=ErasePage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/looked") view=LookedPage ssr=SsrMode::Async/>
                <Page path=path!("/erased/:erasure") view=ErasedPage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/settings/export") view=ExportPage ssr=SsrMode::Async/>
                <Page path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Page path=path!("/signed-out") view=SignedOutPage ssr=SsrMode::Async/>
                <Page path=path!("/offline") view=OfflinePage ssr=SsrMode::Async/>
                <Page path=path!("/spectrum/made") view=MadePage ssr=SsrMode::Async/>
                <Page path=path!("/styleguide") view=StyleGuidePage ssr=SsrMode::Async/>
                <Page path=path!("/staff") view=PipelinePage ssr=SsrMode::Async/>
                <Page path=path!("/staff/jobs") view=JobsPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/jobs/sure") view=SurePage ssr=SsrMode::Async/>
                <Page path=path!("/staff/jobs/:id") view=JobPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/schedule") view=SchedulePage ssr=SsrMode::Async/>
                <Page path=path!("/staff/workers") view=WorkersPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/push") view=PushPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/database") view=DatabasePage ssr=SsrMode::Async/>
                <Page path=path!("/staff/erasures") view=ErasuresPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/cost") view=CostPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/quality") view=QualityPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/engagement") view=EngagementPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/upgrades") view=UpgradesPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/retention") view=RetentionPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/experiments") view=ExperimentsPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/review") view=ReviewsPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/review/:batch/pair") view=PairPage ssr=SsrMode::Async/>
                <Page path=path!("/staff/review/:batch/text") view=TextPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
