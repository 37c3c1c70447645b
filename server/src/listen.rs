//! Listening: connections are taken, kept to their limits, and let go in order when the process stops.
//!
//! Ours and not `axum::serve`, which can't say how long a head may take, how large it may be or how many connections there
//! may be. HTTP/1 only: the proxy before it speaks whatever its clients speak.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::{config, lifecycle::Lifecycle};

/// Most bytes of a head, and of a body in one piece.
const BUFFER: usize = 32 * 1024;

/// Most headers of a request.
const HEADERS: usize = 64;

/// Serves the router on the listener until the process stops.
pub fn serve(listener: TcpListener, router: Router, limits: config::Listener, lifecycle: &Lifecycle) {
    let (connections, stop) = (lifecycle.clone(), lifecycle.stop_signal());
    lifecycle.spawn(async move {
        let places = Arc::new(Semaphore::new(limits.connections));
        loop {
            // Who finds no place waits in the system's own queue.
            let taken = async {
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                Some((place, listener.accept().await))
            };
            let (place, accepted) = tokio::select! {
                () = stop.cancelled() => break,
                taken = taken => match taken {
                    Some(taken) => taken,
                    None => break,
                },
            };
            match accepted {
                Ok((stream, peer)) => {
                    let (router, stop) = (router.clone(), stop.clone());
                    connections.spawn(async move {
                        connection(stream, peer, router, limits, stop).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    // No file descriptor is free, or the client is gone already: the next may fare better.
                    tracing::warn!(error = &error as &dyn std::error::Error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    });
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: config::Listener,
    stop: CancellationToken,
) {
    // Answers are written whole; waiting for more of them would only delay the last piece.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stall));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(HEADERS)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    tokio::pin!(connection);
    // An error is the client's: it went away, was too slow, or spoke no HTTP. It was told what can be told.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
