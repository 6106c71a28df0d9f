//! Values and content, compressed: sources and JSON shrink to a fifth.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::trouble::Trouble;

/// The most that anything packed may hold, in bytes. Sixteen times what the
/// largest verdict has, so only a damaged store comes near.
const MOST: u64 = 256 * 1024 * 1024;

/// Bytes, compressed.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all bytes")
}

/// What was packed; `what` names it where that fails.
pub(super) fn unpack(what: &str, packed: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let read = ZlibDecoder::new(packed).take(MOST).read_to_end(&mut bytes);
    read.map_err(|e| Trouble::json(what, &e))?;
    Ok(bytes)
}

/// A value, compressed.
pub(super) fn pack_value(value: &impl Serialize) -> Vec<u8> {
    pack(&serde_json::to_vec(value).expect("what is kept holds nothing that JSON cannot"))
}

/// A value that was packed.
pub(super) fn unpack_value<T: DeserializeOwned>(what: &str, packed: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(&unpack(what, packed)?).map_err(|e| Trouble::json(what, &e))
}

/// A value as text, for columns that a person may want to read.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("what is kept holds nothing that JSON cannot")
}

/// A value that was kept by [`json`].
pub(super) fn of_json<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|e| Trouble::json(what, &e))
}

/// The one word that serde has for a variant, as in a verdict's JSON.
pub(super) fn word_of(value: &impl Serialize) -> String {
    json(value).trim_matches('"').to_owned()
}

/// Counts beyond what the database holds are as good as that.
pub(super) fn int(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A count that was kept by [`int`].
pub(super) fn count(number: i64) -> u64 {
    number.try_into().unwrap_or_default()
}
