//! Archives as ZIP files: written while they are handed out, and read by an import.

mod read;
mod write;

pub use read::ZipFile;
pub use write::{HandOut, hand_out};
