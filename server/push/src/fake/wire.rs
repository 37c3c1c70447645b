//! What lies between the fake's HTTP/2 and its connection: it changes the first SETTINGS on their way out, puts frames of its own
//! between the others, and can break the connection.
//!
//! The HTTP/2 library lets a server say how many streams it takes once only, and gives it no way to put a reason into a GOAWAY.
//! Apple's server does both.

use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes before the first frame of a client.
const PREFACE: usize = 24;
/// Bytes before a frame's payload.
const HEAD: usize = 9;
/// Bytes that wait to be written before the writer is made to wait.
const MOST: usize = 256 * 1024;

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
const MAX_CONCURRENT_STREAMS: u16 = 3;

/// What is told to a connection from outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Arc<Mutex<Orders>>);

#[derive(Debug, Default)]
struct Orders {
    /// Frames for the next gap.
    frames: Vec<u8>,
    /// SETTINGS among them, whose confirmations are not the library's.
    settings: u32,
    cut: bool,
}

impl Line {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on so many streams at a time.
    pub(super) fn streams(&self, most: u32) {
        let mut orders = self.orders();
        orders.frames.extend_from_slice(&[0, 0, 6, SETTINGS, 0, 0, 0, 0, 0]);
        orders.frames.extend_from_slice(&MAX_CONCURRENT_STREAMS.to_be_bytes());
        orders.frames.extend_from_slice(&most.to_be_bytes());
        orders.settings += 1;
    }

    /// The connection ends without an error, this stream was the last one, and this is why.
    pub(super) fn go_away(&self, last: u32, why: &str) {
        let mut orders = self.orders();
        let length = u32::try_from(8 + why.len()).unwrap_or(8).to_be_bytes();
        orders.frames.extend_from_slice(&length[1..]);
        orders.frames.extend_from_slice(&[GOAWAY, 0, 0, 0, 0, 0]);
        orders.frames.extend_from_slice(&last.to_be_bytes());
        orders.frames.extend_from_slice(&[0; 4]);
        orders.frames.extend_from_slice(why.as_bytes());
    }

    /// The connection breaks.
    pub(super) fn cut(&self) {
        self.orders().cut = true;
    }
}

/// Where in a frame the bytes are.
#[derive(Debug, Default)]
struct Place {
    head: Vec<u8>,
    /// What is left of the frame's payload.
    left: usize,
    /// Frames of one head, between which nothing may come.
    in_head: bool,
}

impl Place {
    fn is_gap(&self) -> bool {
        self.head.is_empty() && self.left == 0 && !self.in_head
    }

    /// Takes bytes of a frame's head from these; the head, once it is whole.
    fn head(&mut self, bytes: &mut &[u8]) -> Option<Vec<u8>> {
        let take = (HEAD - self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..take]);
        *bytes = &bytes[take..];
        if self.head.len() < HEAD {
            return None;
        }
        let head = std::mem::take(&mut self.head);
        self.left = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let ends = head[4] & END_HEADERS != 0;
        self.in_head = matches!(head[3], HEADERS | CONTINUATION) && !ends;
        Some(head)
    }

    /// Takes bytes of a frame's payload from these.
    fn payload<'a>(&mut self, bytes: &mut &'a [u8]) -> &'a [u8] {
        let (now, rest) = bytes.split_at(self.left.min(bytes.len()));
        self.left -= now.len();
        *bytes = rest;
        now
    }
}

/// A connection whose frames pass through here.
#[derive(Debug)]
pub(super) struct Wire<T> {
    io: T,
    line: Line,
    /// What the first SETTINGS say of streams, if it is not what the library says.
    first: Option<u32>,
    /// The payload of the first SETTINGS, as far as it has come.
    settings: Option<Vec<u8>>,
    out_place: Place,
    /// What is still to be written.
    out: Vec<u8>,
    preface: usize,
    in_place: Place,
    /// What came in, and is still to be read.
    clean: Vec<u8>,
    clean_from: usize,
    /// Whether the library's own SETTINGS are confirmed.
    confirmed: bool,
    /// Confirmations that are not for the library.
    to_swallow: u32,
}

impl<T> Wire<T> {
    /// `first` is what the first SETTINGS say of streams.
    pub(super) fn new(io: T, line: Line, first: Option<u32>) -> Self {
        let (out_place, in_place) = (Place::default(), Place::default());
        Self {
            io,
            line,
            first,
            settings: None,
            out_place,
            out: Vec::new(),
            preface: PREFACE,
            in_place,
            clean: Vec::new(),
            clean_from: 0,
            confirmed: false,
            to_swallow: 0,
        }
    }

    fn is_cut(&self) -> io::Result<()> {
        if self.line.orders().cut { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }

    /// Puts in what is waiting, if no frame is under way and the library has begun.
    fn interject(&mut self) {
        if self.first.is_some() || !self.out_place.is_gap() {
            return;
        }
        let mut orders = self.line.orders();
        self.out.append(&mut orders.frames);
        self.to_swallow += std::mem::take(&mut orders.settings);
    }

    fn outgoing(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.out_place.left == 0 {
                self.interject();
                let Some(head) = self.out_place.head(&mut bytes) else { return };
                if self.first.is_some() && head[3] == SETTINGS {
                    self.settings = Some(Vec::new());
                }
                self.out.extend_from_slice(&head);
            }
            let payload = self.out_place.payload(&mut bytes);
            match (&mut self.settings, self.first) {
                (Some(settings), Some(first)) => {
                    settings.extend_from_slice(payload);
                    if self.out_place.left == 0 {
                        limit(settings, first);
                        self.out.append(settings);
                        (self.settings, self.first) = (None, None);
                    }
                }
                _ => self.out.extend_from_slice(payload),
            }
        }
        self.interject();
    }

    fn incoming(&mut self, mut bytes: &[u8]) {
        let preface = self.preface.min(bytes.len());
        self.clean.extend_from_slice(&bytes[..preface]);
        self.preface -= preface;
        bytes = &bytes[preface..];
        while !bytes.is_empty() {
            if self.in_place.left == 0 {
                let Some(head) = self.in_place.head(&mut bytes) else { return };
                let is_ack = head[3] == SETTINGS && head[4] & ACK != 0;
                if is_ack && self.confirmed && self.to_swallow > 0 {
                    self.to_swallow -= 1;
                } else {
                    self.confirmed |= is_ack;
                    self.clean.extend_from_slice(&head);
                }
            }
            self.clean.extend_from_slice(self.in_place.payload(&mut bytes));
        }
    }
}

/// Changes what a SETTINGS' payload says of streams.
fn limit(settings: &mut [u8], most: u32) {
    for entry in settings.chunks_exact_mut(6) {
        if entry[..2] == MAX_CONCURRENT_STREAMS.to_be_bytes() {
            entry[2..].copy_from_slice(&most.to_be_bytes());
        }
    }
}

impl<T: AsyncWrite + Unpin> Wire<T> {
    fn write_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut written = 0;
        let done = loop {
            if written == self.out.len() {
                break Poll::Ready(Ok(()));
            }
            match Pin::new(&mut self.io).poll_write(cx, &self.out[written..]) {
                Poll::Ready(Ok(0)) => break Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(more)) => written += more,
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Pending => break Poll::Pending,
            }
        };
        self.out.drain(..written);
        done
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.is_cut()?;
        if self.out.len() >= MOST {
            ready!(self.write_out(cx))?;
        }
        self.outgoing(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_cut()?;
        self.interject();
        ready!(self.write_out(cx))?;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_cut()?;
        ready!(self.write_out(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.is_cut()?;
        let mut room = [const { MaybeUninit::uninit() }; 16 * 1024];
        while self.clean_from == self.clean.len() {
            self.clean.clear();
            self.clean_from = 0;
            let mut read = ReadBuf::uninit(&mut room);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.incoming(read.filled());
        }
        let waiting = &self.clean[self.clean_from..];
        let now = waiting.len().min(to.remaining());
        to.put_slice(&waiting[..now]);
        self.clean_from += now;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SETTINGS as a library writes them: 100 streams, and a window.
    const LIBRARYS: [u8; 21] = [0, 0, 12, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100, 0, 4, 0, 1, 0, 0];
    const PING: [u8; 17] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    const ACKED: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];

    fn wire(line: &Line) -> Wire<tokio::io::DuplexStream> {
        Wire::new(tokio::io::duplex(64).0, line.clone(), Some(1))
    }

    #[test]
    fn the_first_settings_say_one_stream_however_they_are_cut_up() {
        for piece in 1..LIBRARYS.len() {
            let mut wire = wire(&Line::default());
            LIBRARYS.chunks(piece).for_each(|bytes| wire.outgoing(bytes));
            wire.outgoing(&LIBRARYS);
            let mut wanted = LIBRARYS.to_vec();
            wanted[14] = 1;
            wanted.extend_from_slice(&LIBRARYS);
            assert_eq!(wire.out, wanted, "in pieces of {piece}");
        }
    }

    #[test]
    fn a_frame_is_put_in_between_two_others_and_never_before_the_first() {
        let line = Line::default();
        let mut wire = wire(&line);
        line.streams(1000);
        wire.interject();
        assert!(wire.out.is_empty(), "the library's SETTINGS come first");
        wire.outgoing(&LIBRARYS);
        assert_eq!(wire.out[21..], [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 3, 232]);
        wire.out.clear();
        wire.outgoing(&PING[..12]);
        line.go_away(7, "x");
        wire.interject();
        wire.outgoing(&PING[12..]);
        let goaway = [0, 0, 9, 7, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, b'x'];
        assert_eq!(wire.out, [&PING[..], &goaway].concat());
    }

    #[test]
    fn nothing_comes_between_the_frames_of_one_head() {
        let (begun, ended) = ([0, 0, 1, 1, 0, 0, 0, 0, 1, 9], [0, 0, 1, 9, 4, 0, 0, 0, 1, 9]);
        let line = Line::default();
        let mut wire = wire(&line);
        wire.outgoing(&LIBRARYS);
        wire.out.clear();
        wire.outgoing(&begun);
        line.streams(5);
        wire.outgoing(&ended);
        assert_eq!(wire.out[..20], [begun, ended].concat());
        assert_eq!(wire.out.len(), 35);
    }

    #[test]
    fn the_library_sees_one_confirmation_however_they_are_cut_up() {
        let sent = [&[7; PREFACE][..], &PING, &ACKED, &PING, &ACKED, &PING, &ACKED].concat();
        let wanted = [&[7; PREFACE][..], &PING, &ACKED, &PING, &PING, &ACKED].concat();
        for piece in 1..sent.len() {
            let line = Line::default();
            let mut wire = wire(&line);
            wire.outgoing(&LIBRARYS);
            line.streams(1000);
            wire.interject();
            sent.chunks(piece).for_each(|bytes| wire.incoming(bytes));
            assert_eq!(wire.clean, wanted, "in pieces of {piece}");
        }
    }

    #[tokio::test]
    async fn a_cut_breaks_reading_and_writing() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let line = Line::default();
        let mut wire = wire(&line);
        wire.write_all(&LIBRARYS).await.unwrap();
        line.cut();
        assert!(wire.write_all(&PING).await.is_err());
        assert!(wire.read(&mut [0]).await.is_err());
    }
}
