//! Why there was no answer, in closed words, and whether the request can have arrived.

use std::{error::Error, io, time::Duration};

use crate::outcome::{Answer, Outcome};

/// Before a provider is tried again that could not be reached.
const AGAIN: Duration = Duration::from_secs(30);

/// There was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// And the provider can't have the request.
    NotSent(&'static str),
    /// And the provider may have it.
    Lost(&'static str),
}

impl Failure {
    /// What an error says, of a request whose content was given away or not.
    pub(super) fn of(error: &(dyn Error + 'static), given: bool) -> Self {
        let why = chain(error).find_map(word);
        match why {
            // The provider says itself that it did nothing with it (RFC 9113, 8.7).
            Some("refused_stream") => Self::NotSent("refused_stream"),
            Some(why) if given => Self::Lost(why),
            None if given => Self::Lost("closed"),
            Some(why) => Self::NotSent(why),
            None => Self::NotSent("connect"),
        }
    }

    pub(super) const fn timed_out(given: bool) -> Self {
        // Not given away: there was no connection yet, or on it no stream.
        if given { Self::Lost("timeout") } else { Self::NotSent("unsent_timeout") }
    }

    /// The answer where it does not matter whether it arrived: nothing is shown by it.
    pub(crate) const fn again(self) -> Answer {
        Answer::ours(Outcome::Retry { after: AGAIN }, self.reason())
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::NotSent(reason) | Self::Lost(reason) => reason,
        }
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotSent(_) => failure.again(),
            Failure::Lost(reason) => Self::ours(Outcome::Unknown, reason),
        }
    }
}

/// The error, what caused it, and so on. An `io::Error` does not name the error it was made of as its cause, so that is looked
/// for inside.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

fn word(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if error.is::<rustls::Error>() {
        return Some("tls");
    }
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        return match error.reason() {
            Some(h2::Reason::REFUSED_STREAM) if !error.is_go_away() => Some("refused_stream"),
            _ if error.is_go_away() => Some("goaway"),
            _ if error.is_reset() => Some("reset"),
            _ => None,
        };
    }
    match error.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some("connection_refused"),
        io::ErrorKind::TimedOut => Some("connect_timeout"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_given_away_can_not_have_arrived() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(Failure::of(&refused, false), Failure::NotSent("connection_refused"));
        let other = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(Failure::of(&other, false), Failure::NotSent("connect"));
        assert_eq!(Failure::of(&other, true), Failure::Lost("closed"));
    }

    #[test]
    fn a_certificate_that_is_not_believed_is_found_inside() {
        let tls = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert_eq!(Failure::of(&wrapped, false), Failure::NotSent("tls"));
    }

    #[test]
    fn a_stream_that_was_refused_was_not_looked_at() {
        let refused = h2::Error::from(h2::Reason::REFUSED_STREAM);
        assert_eq!(Failure::of(&refused, true), Failure::NotSent("refused_stream"));
    }

    #[test]
    fn an_answer_tells_the_two_apart() {
        assert_eq!(Answer::from(Failure::Lost("goaway")).outcome, Outcome::Unknown);
        assert_eq!(Answer::from(Failure::NotSent("tls")).outcome, Outcome::Retry { after: AGAIN });
    }
}
