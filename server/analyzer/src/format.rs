//! The model's file: a magic word, a header in JSON, and sections of plain little-endian figures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const MAGIC: &[u8; 8] = b"SPECTRM1";

/// A model file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Not a model file, or one of another format.
    #[error("this is no Spectrum model of format 1")]
    Magic,
    /// The header is not what this program writes.
    #[error("the model's header can't be read")]
    Header(#[from] serde_json::Error),
    /// A section is missing, cut off or of another size.
    #[error("the model's section {0} is missing or of another size")]
    Section(&'static str),
}

#[derive(Debug, Serialize, Deserialize)]
struct Head<H> {
    sections: BTreeMap<String, (usize, usize)>,
    header: H,
}

/// Collects sections for a file.
#[derive(Debug, Default)]
pub struct Writer {
    sections: BTreeMap<String, (usize, usize)>,
    bytes: Vec<u8>,
}

impl Writer {
    /// Adds a section.
    pub fn add<const N: usize>(&mut self, name: &str, figures: impl IntoIterator<Item = [u8; N]>) {
        let start = self.bytes.len();
        self.bytes.extend(figures.into_iter().flatten());
        self.sections.insert(name.to_owned(), (start, self.bytes.len() - start));
    }

    /// The whole file.
    pub fn finish<H: Serialize>(self, header: H) -> Result<Vec<u8>, FormatError> {
        let head = serde_json::to_vec(&Head { sections: self.sections, header })?;
        let length = u32::try_from(head.len()).map_err(|_| FormatError::Section("header"))?;
        Ok([MAGIC.as_slice(), &length.to_le_bytes(), &head, &self.bytes].concat())
    }
}

/// A file opened for reading.
#[derive(Debug)]
pub struct Reader<'a> {
    sections: BTreeMap<String, (usize, usize)>,
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Opens a file.
    pub fn open<H: for<'de> Deserialize<'de>>(file: &'a [u8]) -> Result<(Self, H), FormatError> {
        let rest = file.strip_prefix(MAGIC.as_slice()).ok_or(FormatError::Magic)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(FormatError::Magic)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| FormatError::Magic)?;
        let (head, bytes) = rest.split_at_checked(length).ok_or(FormatError::Magic)?;
        let Head { sections, header } = serde_json::from_slice(head)?;
        Ok((Self { sections, bytes }, header))
    }

    /// The bytes of a section.
    pub fn bytes(&self, name: &'static str) -> Result<&'a [u8], FormatError> {
        let (start, length) = self.sections.get(name).ok_or(FormatError::Section(name))?;
        let end = start.checked_add(*length).ok_or(FormatError::Section(name))?;
        self.bytes.get(*start..end).ok_or(FormatError::Section(name))
    }

    /// A section as text.
    pub fn text(&self, name: &'static str) -> Result<&'a str, FormatError> {
        std::str::from_utf8(self.bytes(name)?).map_err(|_| FormatError::Section(name))
    }

    /// A section of `f32`.
    pub fn floats(&self, name: &'static str) -> Result<Vec<f32>, FormatError> {
        let (figures, []) = self.bytes(name)?.as_chunks::<4>() else { return Err(FormatError::Section(name)) };
        Ok(figures.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    /// A section of `f32` of a known number.
    pub fn array<const N: usize>(&self, name: &'static str) -> Result<[f32; N], FormatError> {
        self.floats(name)?.try_into().map_err(|_| FormatError::Section(name))
    }

    /// A section of `u32`.
    pub fn words(&self, name: &'static str) -> Result<Vec<u32>, FormatError> {
        let (figures, []) = self.bytes(name)?.as_chunks::<4>() else { return Err(FormatError::Section(name)) };
        Ok(figures.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }

    /// A section of `i8`.
    pub fn small(&self, name: &'static str) -> Result<Vec<i8>, FormatError> {
        Ok(self.bytes(name)?.iter().map(|byte| byte.cast_signed()).collect())
    }
}

/// The SHA-256 of a file in hex: what models and data sets are known by.
pub fn sha256(file: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    Sha256::digest(file)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|d| char::from(DIGITS[usize::from(d)]))
        .collect()
}

/// Rows of figures as `i8`, each row with the figure that 1 stands for.
pub fn quantised(rows: &[f32], width: usize) -> (Vec<i8>, Vec<f32>) {
    rows.chunks_exact(width)
        .map(|row| {
            let scale = row.iter().fold(0.0f32, |most, figure| most.max(figure.abs())) / 127.0;
            let scale = if scale > 0.0 { scale } else { 1.0 };
            #[expect(clippy::cast_possible_truncation, reason = "within ±127 by the choice of the scale")]
            let small = row.iter().map(move |figure| (figure / scale).round() as i8);
            (small, scale)
        })
        .fold((Vec::with_capacity(rows.len()), Vec::new()), |(mut all, mut scales), (small, scale)| {
            all.extend(small);
            scales.push(scale);
            (all, scales)
        })
}
