//! The lines of an archive's files, and what is wrong with them: by file, line and field, never by what stands there.

use std::io::{self, BufRead, Read as _};

use serde_json::{Map, Value};

use super::ImportError;

/// Longest line: many times the longest text of a turn, every letter of it escaped.
const LONGEST: u64 = 1024 * 1024;

/// So many faults are told; whoever mends them sees the rest.
const MOST_FAULTS: usize = 20;

/// Where an archive's files come from.
pub trait Archive {
    /// The file's bytes; nothing if there is no such file.
    fn open<'a>(&'a mut self, file: &str) -> io::Result<Option<Box<dyn BufRead + 'a>>>;
}

/// What is wrong.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn field(&mut self, file: &str, line: usize, field: &str, why: &str) {
        self.add(format!("{file}, line {line}, `{field}`: {why}"));
    }

    pub(super) fn line(&mut self, file: &str, line: usize, why: &str) {
        self.add(format!("{file}, line {line}: {why}"));
    }

    pub(super) fn file(&mut self, file: &str, why: &str) {
        self.add(format!("{file}: {why}"));
    }

    pub(super) fn none(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, fault: String) {
        match self.0.len() {
            0..MOST_FAULTS => self.0.push(fault),
            MOST_FAULTS => self.0.push("and more".to_owned()),
            _ => {}
        }
    }

    /// An error if there are any.
    pub(super) fn end(self) -> Result<(), ImportError> {
        if self.0.is_empty() { Ok(()) } else { Err(ImportError::Faults(self.0)) }
    }
}

/// Something with the number of its line, from 1; nothing at the end.
type Numbered<T> = Option<(usize, T)>;

/// The lines of one file.
pub(super) struct Lines<'a> {
    file: String,
    reader: Box<dyn BufRead + 'a>,
    line: usize,
}

impl<'a> Lines<'a> {
    /// Of the rows of a table.
    pub(super) fn open(archive: &'a mut dyn Archive, table: &str) -> Result<Self, ImportError> {
        let file = format!("{table}.jsonl");
        let reader = archive.open(&file)?.ok_or_else(|| ImportError::NoFile(file.clone()))?;
        Ok(Self { file, reader, line: 0 })
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The next line.
    pub(super) fn next(&mut self, faults: &mut Faults) -> Result<Numbered<Vec<u8>>, ImportError> {
        let mut bytes = Vec::new();
        if (&mut self.reader).take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        if !bytes.ends_with(b"\n") {
            // Too long, or cut off: nothing after it can be trusted.
            faults.line(&self.file, self.line, "is cut off or longer than any can be");
            return Ok(None);
        }
        Ok(Some((self.line, bytes)))
    }

    /// The next line that is a row; a line that is none is a fault.
    pub(super) fn next_row(&mut self, faults: &mut Faults) -> Result<Numbered<Map<String, Value>>, ImportError> {
        while let Some((line, bytes)) = self.next(faults)? {
            match serde_json::from_slice(&bytes) {
                Ok(row) => return Ok(Some((line, row))),
                Err(_) => faults.line(&self.file, line, "is no JSON object"),
            }
        }
        Ok(None)
    }
}
