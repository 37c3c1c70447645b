//! Running: the roles of a process, started on their listeners and stopped in order.

use std::{net::SocketAddr, path::Path};

use app::{Assets, CookiePolicy};
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use spectrum_core::{Services, analysis::reanalyze::Scope};
use spectrum_domain::job::Queue;
use tokio::net::TcpListener;

use crate::{
    analyzer::outside::OutsideSetup,
    compose,
    config::Config,
    http::{self, AppState, PublicUrl, Subscriptions},
    identity::Identity,
    lifecycle::Lifecycle,
    listen, noted,
    rephraser::RephraserSetup,
    worker::{
        self, Pace, QueueSettings, Worker,
        jobs::{self, JobContext},
    },
};

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Pages and the API.
    Web,
    /// Jobs.
    Worker,
    /// Both.
    Both,
}

/// Why a process could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address is taken or not ours.
    #[error("{address} can't be listened on ({source}); choose another with http.bind or metrics.bind")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The front end was not built.
    #[error("the front end is not built ({path}: {source}); `make front` builds it")]
    Site {
        /// The file that is missing.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The list of the front end's files can't be read.
    #[error("{path} is no list of files")]
    Assets {
        /// The file.
        path: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The public address is no origin.
    #[error("http.public_url must be an origin such as https://spectrum.example")]
    PublicUrl,
    /// The model outside could not be set up.
    #[error(transparent)]
    Outside(#[from] OutsideSetup),
    /// The model that rephrases could not be set up.
    #[error(transparent)]
    Rephraser(#[from] RephraserSetup),
    /// A provider that takes pushes could not be set up.
    #[error(transparent)]
    Push(#[from] spectrum_push::Setup),
    /// The schedule could not be started.
    #[error(transparent)]
    Schedule(#[from] worker::ScheduleError),
}

/// The listeners of a process, taken before anything is announced.
#[derive(Debug)]
pub struct Listeners {
    web: Option<TcpListener>, // a worker serves no pages
    metrics: TcpListener,
}

impl Listeners {
    /// Takes the configured addresses, as far as the role needs them.
    pub async fn bind(config: &Config, role: Role) -> Result<Self, ServeError> {
        let web = if role == Role::Worker { None } else { Some(listen(config.http.bind).await?) };
        Ok(Self { web, metrics: listen(config.metrics_bind).await? })
    }

    /// Where pages are served.
    pub fn web_address(&self) -> Option<SocketAddr> {
        self.web.as_ref()?.local_addr().ok()
    }

    /// Where metrics are served.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.local_addr().ok()
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// Starts the role. Its tasks belong to the lifecycle, which stops them.
pub async fn start(
    config: &Config,
    services: &Services,
    role: Role,
    listeners: Listeners,
    metrics: PrometheusHandle,
    lifecycle: &Lifecycle,
) -> Result<(), ServeError> {
    if let Some(listener) = listeners.web {
        let router = http::router(state(config, services)?, config).map_err(|_| ServeError::PublicUrl)?;
        listen::serve(listener, router, config.doors.listener, lifecycle);
    }
    // Before anything is shown or planned.
    noted::look_who_is_held_out(services).await;
    lifecycle.spawn(noted::write(services.clone(), lifecycle.stop_signal()));
    let scrape = http::metrics_router(services.clone(), metrics);
    listen::serve(listeners.metrics, scrape, config.doors.listener, lifecycle);
    worker::start_schedule(services, role != Role::Web, lifecycle).await?;
    lifecycle.spawn(worker::tell_workers(services.clone(), lifecycle.stop_signal()));
    if role != Role::Web {
        let context = JobContext {
            services: services.clone(),
            analyzer: compose::analyzer(),
            outside: compose::outside(config, services)?,
            rephraser: compose::rephraser(config)?,
            sender: compose::sender(config, services.ambient())?,
        };
        order_reanalysis(&context, lifecycle);
        let worker = worker(config, context);
        let stop = lifecycle.stop_signal();
        lifecycle.spawn(worker.run(stop));
    }
    Ok(())
}

/// The worker of this process, for these settings.
fn worker(config: &Config, context: JobContext) -> Worker<JobContext> {
    let settings = |(queue, concurrency): &(Queue, usize)| {
        let short = match queue {
            Queue::Intake | Queue::Rollup => true,
            Queue::Analysis => config.outside.is_none(),
            Queue::Period | Queue::Push | Queue::Upkeep => false,
        };
        let settings = if short { QueueSettings::short } else { QueueSettings::long };
        settings(queue.name(), *concurrency, jobs::longest(*queue))
    };
    let queues = config.worker.queues.0.iter().map(settings).collect();
    let pace = Pace::new(config.worker.dead_after, config.worker.poll);
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Worker::new(context.services.clone(), context, queues, pace, host.trim().to_owned())
}

/// Sees to it, behind what a worker does, that what another model has read is read anew: once a model.
fn order_reanalysis(context: &JobContext, lifecycle: &Lifecycle) {
    let (services, models) = (context.services.clone(), context.models());
    lifecycle.spawn(async move {
        match services.order_reanalysis(&models, &Scope::Once).await {
            Ok(0) => {}
            Ok(members) => tracing::info!(members, "sessions that another model has read are read anew"),
            // The next start takes the order up again.
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no reanalysis was ordered"),
        }
    });
}

/// What handlers may take, for these settings.
pub fn state(config: &Config, services: &Services) -> Result<AppState, ServeError> {
    Ok(AppState {
        services: services.clone(),
        identity: Identity::new(services.clone(), &config.staff, &config.http.public_url),
        assets: list_assets(&config.site_dir)?,
        cookies: CookiePolicy { secure: config.secure() },
        public_url: PublicUrl(config.http.public_url.clone()),
        subscriptions: Subscriptions(config.push.web_push.as_ref().map(|push| push.services.clone())),
        leptos: LeptosOptions::builder().output_name("spectrum").build(),
    })
}

/// The front end's files, as its build lists them.
pub fn list_assets(site: &Path) -> Result<Assets, ServeError> {
    let path = site.join("assets.json");
    let shown = || path.display().to_string();
    let list = std::fs::read(&path).map_err(|source| ServeError::Site { path: shown(), source })?;
    serde_json::from_slice(&list).map_err(|source| ServeError::Assets { path: shown(), source })
}
