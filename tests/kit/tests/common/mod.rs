//! What the tests of the kit ask of a record.

use record::Record;

/// The pitfall that the record names.
pub fn pitfall(record: &Record) -> Option<&str> {
    record
        .diagnosis
        .as_ref()
        .unwrap_or_else(|| panic!("no diagnosis: {record:?}"))
        .pitfall
        .as_deref()
}

/// The key of the last, most particular fact.
pub fn fact(record: &Record) -> &str {
    let diagnosis = record.diagnosis.as_ref().unwrap_or_else(|| panic!("no diagnosis: {record:?}"));
    &diagnosis.facts.last().expect("a diagnosis without facts").key
}
