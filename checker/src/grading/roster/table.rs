//! A CSV file as spreadsheets and learning platforms write it.

use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder, Trim};

use crate::problem::{Problem, Result};

/// Its lines, without the empty ones.
pub(super) struct Table {
    /// For messages.
    pub path: PathBuf,
    /// The names of the columns, without spaces around them.
    pub header: Vec<String>,
    /// What stands under them.
    pub rows: Vec<Row>,
}

/// One line: fewer cells than columns means that the last ones are empty.
pub(super) struct Row {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// Without spaces around them.
    pub cells: Vec<String>,
}

impl Table {
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self> {
        let at = |key: &str, line: u64| {
            Problem::new(key).with("path", path.display()).with("line", line)
        };
        let text = decode(bytes).map_err(|line| at("roster-not-utf8", line))?;
        // The reader would take everything after it for one cell, and the
        // students there for nobody.
        if text.matches('"').count() % 2 == 1 {
            let line = 1 + lines_before_open_quote(text);
            return Err(at("roster-open-quote", line));
        }
        let (text, separator, skipped) = separator(text);
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let mut header: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        let mut record = ByteRecord::new();
        let mut line = 1 + skipped;
        let mut counted = 0;
        loop {
            let more = reader.read_byte_record(&mut record);
            let more = more.map_err(|e| at("roster-not-csv", 1).with("error", e))?;
            if !more {
                break;
            }
            // The reader's own count leaves out empty lines before a record.
            let begins = record.position().map_or(0, |at| at.byte() as usize);
            let rest = text.get(begins..).unwrap_or_default();
            let begins = text.len() - rest.trim_start_matches(['\r', '\n']).len();
            line += text.as_bytes()[counted..begins].iter().filter(|b| **b == b'\n').count() as u64;
            counted = begins;
            let cells: Vec<String> =
                record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if header.is_empty() {
                header = cells;
                continue;
            }
            if cells.iter().skip(header.len()).any(|cell| !cell.is_empty()) {
                return Err(at("roster-too-many", line)
                    .with("found", cells.len())
                    .with("columns", header.len()));
            }
            rows.push(Row { line, cells });
        }
        if rows.is_empty() {
            return Err(Problem::new("roster-empty").with("path", path.display()));
        }
        for (i, name) in header.iter().enumerate() {
            if !name.is_empty() && header[..i].contains(name) {
                return Err(Problem::new("roster-column-twice")
                    .with("path", path.display())
                    .with("column", name));
            }
        }
        Ok(Table { path: path.to_owned(), header, rows })
    }

    /// A mistake in this line.
    pub fn problem(&self, key: &str, row: &Row) -> Problem {
        Problem::new(key).with("path", self.path.display()).with("line", row.line)
    }
}

/// The text without the mark that some programs put before it, or the line
/// where it stops being UTF-8.
fn decode(bytes: &[u8]) -> Result<&str, u64> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Text in UTF-16 may well be UTF-8 too, full of zeros.
    if let Some(zero) = bytes.iter().position(|b| *b == 0) {
        return Err(line_at(bytes, zero));
    }
    std::str::from_utf8(bytes).map_err(|e| line_at(bytes, e.valid_up_to()))
}

fn line_at(bytes: &[u8], offset: usize) -> u64 {
    1 + bytes[..offset].iter().filter(|b| **b == b'\n').count() as u64
}

/// The last quote is the one without a partner, or close to it.
fn lines_before_open_quote(text: &str) -> u64 {
    let mut open = None;
    let mut line = 0;
    for c in text.chars() {
        match c {
            '\n' => line += 1,
            '"' if open.is_none() => open = Some(line),
            '"' => open = None,
            _ => {}
        }
    }
    open.unwrap_or(line)
}

/// What separates the cells: what a first line `sep=;` says, else what the
/// header has most of. With the text after such a line, and how many lines
/// that left out.
fn separator(text: &str) -> (&str, u8, u64) {
    let first = text.lines().next().unwrap_or_default();
    if let &[separator @ (b',' | b';' | b'\t')] =
        first.strip_prefix("sep=").map(str::trim_end).unwrap_or_default().as_bytes()
    {
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        return (rest, separator, 1);
    }
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut count = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        let seen = count.iter_mut().find(|(separator, _)| *separator == byte && !quoted);
        if let Some((_, count)) = seen {
            *count += 1;
        }
    }
    // Of equal ones the first: a comma.
    let best = count.iter().rev().max_by_key(|(_, count)| *count);
    (text, best.map_or(b',', |(separator, _)| *separator), 0)
}
