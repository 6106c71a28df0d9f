//! Which of several files of one name is the one.

use jiff::Timestamp;
use record::Fact;

use super::odd::Odd;
use super::place::Place;
use super::wanted::Standing;

/// What came of reading a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// What is in it.
    pub content: Result<Vec<u8>, Odd>,
    /// When it was last changed.
    pub time: Option<Timestamp>,
}

/// The nearest file of one name so far. Files that are further away are never
/// read, and of equally near ones no more than two contents are kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    best: Option<Best>,
    /// The nearest of those that are no files.
    odd: Option<(Standing, Place, Odd)>,
    /// How many files stand further away.
    others: usize,
    /// The first of them by name.
    other: Option<Place>,
}

#[derive(Clone, Debug)]
struct Best {
    standing: Standing,
    place: Place,
    taken: Taken,
    /// Equally near, and different, or known to be neither.
    rival: Option<(Place, Option<Odd>)>,
    /// How many are equally near.
    count: usize,
}

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The content, its place and time; or why it is not taken.
    pub answer: Result<(Place, Vec<u8>, Option<Timestamp>), Fact>,
    /// How many other files by that name stand further away, and one of them.
    pub others: Option<(usize, Place)>,
}

impl Choice {
    /// Whether some file was found, be it readable or not.
    pub fn is_made(&self) -> bool {
        self.best.is_some()
    }

    /// Something by the right name which is not a file.
    pub fn offer_odd(&mut self, standing: Standing, place: &Place, odd: Odd) {
        let nearer = |(old, at, _): &(Standing, Place, Odd)| (standing, place) < (*old, at);
        if self.odd.as_ref().is_none_or(nearer) {
            self.odd = Some((standing, place.clone(), odd));
        }
    }

    /// A file, which is read if it is among the nearest so far.
    pub fn offer(&mut self, standing: Standing, place: &Place, read: impl FnOnce() -> Taken) {
        match &mut self.best {
            Some(best) if best.standing < standing => self.pass_over(1, place.clone()),
            Some(best) if best.standing == standing => {
                best.count += 1;
                if best.rival.is_some() {
                    return;
                }
                let taken = read();
                if taken.content != best.taken.content {
                    best.rival = Some((place.clone(), taken.content.err()));
                } else if *place < best.place {
                    best.place = place.clone();
                    best.taken = taken;
                }
            }
            _ => {
                let new =
                    Best { standing, place: place.clone(), taken: read(), rival: None, count: 1 };
                if let Some(old) = self.best.replace(new) {
                    self.pass_over(old.count, old.place);
                }
            }
        }
    }

    fn pass_over(&mut self, count: usize, place: Place) {
        self.others += count;
        if self.other.as_ref().is_none_or(|other| place < *other) {
            self.other = Some(place);
        }
    }

    /// What it comes to; None if nothing was found.
    pub fn settle(self) -> Option<Chosen> {
        let others = self.other.map(|other| (self.others, other));
        let Some(best) = self.best else {
            let (_, place, odd) = self.odd?;
            return Some(Chosen { answer: Err(odd.fact(&place)), others: None });
        };
        let answer = match (best.taken.content, best.rival) {
            (Err(odd), _) => Err(odd.fact(&best.place)),
            (Ok(_), Some((rival, Some(odd)))) => Err(odd.fact(&rival)),
            (Ok(_), Some((rival, None))) => Err(two(best.place, rival)),
            (Ok(content), None) => Ok((best.place, content, best.taken.time)),
        };
        Some(Chosen { answer, others })
    }
}

fn two(one: Place, other: Place) -> Fact {
    if one == other {
        return Fact::new("submission-two-in-one-place").with("place", one);
    }
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    Fact::new("submission-two").with("first", first).with("second", second)
}
