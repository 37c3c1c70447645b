//! Packing an archive while it is handed out: piece by piece from the database, through the packer, into a short queue.
//! However large it is and however slow its reader, no more than a few pieces are in memory.

use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
    time::Duration,
};

use axum::body::Bytes;
use spectrum_core::{
    ServiceError, Services,
    control::open_export::{Piece, Place},
};
use spectrum_domain::{
    audit::Actor,
    id::{ExportId, MemberId},
};
use tokio::{runtime::Handle, sync::mpsc};
use zip::{ZipWriter, result::ZipError, write::SimpleFileOptions};

/// Bytes of the queue's chunks.
const CHUNK: usize = 64 * 1024;

/// Chunks that wait for the reader.
const WAITING: usize = 4;

/// A reader that takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_mins(1);

/// The archive's bytes as they come. An error ends them: what was written until then is no archive.
pub type HandOut = mpsc::Receiver<io::Result<Bytes>>;

/// Begins to hand out an export, which is recorded. What is `held`, such as a place among downloads, is let go at its end.
pub fn hand_out(
    services: &Services,
    member: MemberId,
    export: ExportId,
    to: Actor,
    held: impl Send + 'static,
) -> HandOut {
    let (sender, receiver) = mpsc::channel(WAITING);
    let (services, runtime) = (services.clone(), Handle::current());
    // A thread of its own: packing computes, and the packer writes in the old way.
    tokio::task::spawn_blocking(move || {
        let out = Rc::new(RefCell::new(Out { sender, runtime: runtime.clone(), chunk: Vec::new(), open: true }));
        let next = |place| runtime.block_on(services.open_export(member, export, place, to));
        match pack(next, &out) {
            Ok(()) => {}
            Err(PackError::Service(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "an archive could not be handed out whole");
            }
            // Whoever fetched it went away, or what they fetch with did.
            Err(PackError::Zip(_)) => tracing::info!("an archive was not fetched to its end"),
        }
        drop(held);
    });
    receiver
}

/// Why an archive was not packed to its end.
#[derive(Debug, thiserror::Error)]
enum PackError {
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Zip(#[from] ZipError),
}

fn pack(next: impl Fn(Place) -> Result<Option<Piece>, ServiceError>, out: &Rc<RefCell<Out>>) -> Result<(), PackError> {
    let mut zip = ZipWriter::new_stream(Sink(out.clone()));
    let packed = pack_files(next, &mut zip);
    if packed.is_err() {
        // Dropping the packer would write a table of contents, and half an archive would look whole.
        out.borrow_mut().fail();
        return packed;
    }
    zip.finish()?;
    out.borrow_mut().send().map_err(ZipError::from)?;
    Ok(())
}

fn pack_files<W: Write + io::Seek>(
    next: impl Fn(Place) -> Result<Option<Piece>, ServiceError>,
    zip: &mut ZipWriter<W>,
) -> Result<(), PackError> {
    let (mut place, mut file) = (Place::BEGINNING, String::new());
    while let Some(piece) = next(place)? {
        if *piece.file != *file {
            piece.file.as_ref().clone_into(&mut file);
            zip.start_file(&file, SimpleFileOptions::default().large_file(true))?;
        }
        zip.write_all(piece.bytes.expose()).map_err(ZipError::from)?;
        place = piece.next;
    }
    Ok(())
}

/// Where the packer's bytes go.
struct Out {
    sender: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
    chunk: Vec<u8>,
    open: bool,
}

impl Out {
    fn send(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() || !self.open {
            return Ok(());
        }
        let chunk = Bytes::from(std::mem::take(&mut self.chunk));
        let sent = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.sender.send(Ok(chunk))).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Nothing more goes out but the news that it was cut off.
    fn fail(&mut self) {
        self.open = false;
        self.chunk = Vec::new();
        // A full queue has a reader that will miss the end as well.
        _ = self.sender.try_send(Err(io::ErrorKind::UnexpectedEof.into()));
    }
}

/// The packer's way out.
struct Sink(Rc<RefCell<Out>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = self.0.borrow_mut();
        if out.open {
            out.chunk.extend_from_slice(bytes);
            if out.chunk.len() >= CHUNK {
                out.send()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
