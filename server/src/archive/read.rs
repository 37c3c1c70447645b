//! The files of an archive, for an import.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
};

use spectrum_core::control::import_member::Archive;
use zip::{ZipArchive, result::ZipError};

/// An archive that can be read at any place.
#[derive(Debug)]
pub struct ZipFile<R>(ZipArchive<R>);

impl ZipFile<BufReader<File>> {
    /// The archive in a file.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(BufReader::new(File::open(path)?))
    }
}

impl<R: Read + Seek> ZipFile<R> {
    /// The archive in these bytes.
    pub fn new(bytes: R) -> io::Result<Self> {
        Ok(Self(ZipArchive::new(bytes)?))
    }
}

impl<R: Read + Seek> Archive for ZipFile<R> {
    fn open<'a>(&'a mut self, file: &str) -> io::Result<Option<Box<dyn BufRead + 'a>>> {
        // Files are read by the names we know and never unpacked onto a disk, so no name in an archive leads anywhere.
        match self.0.by_name(file) {
            Ok(file) => Ok(Some(Box::new(BufReader::new(file)))),
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
