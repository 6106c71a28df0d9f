//! Chance that repeats itself.

use super::Hostile;

/// What kind of answer somebody hands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    Solution,
    Accepted,
    Rejected,
    Stub,
    Broken,
    Missing,
    Hostile(Hostile),
}

/// Cards that are drawn until none is left, and then shuffled anew: so even a
/// small class has some of each.
pub struct Deck {
    state: u64,
    hostile: bool,
    left: Vec<Card>,
    hostile_so_far: usize,
}

/// What a deck is made of.
const CARDS: [(Card, usize); 6] = [
    (Card::Solution, 4),
    (Card::Accepted, 3),
    (Card::Rejected, 6),
    (Card::Stub, 1),
    (Card::Broken, 1),
    (Card::Missing, 1),
];
const HOSTILE: usize = 2;

impl Deck {
    pub fn new(seed: u64, hostile: bool) -> Self {
        Deck { state: seed, hostile, left: Vec::new(), hostile_so_far: 0 }
    }

    pub fn draw(&mut self) -> Card {
        if self.left.is_empty() {
            let cards = CARDS.into_iter().flat_map(|(card, count)| vec![card; count]);
            self.left = cards.collect();
            for _ in 0..if self.hostile { HOSTILE } else { 0 } {
                self.left.push(Card::Hostile(Hostile::number(self.hostile_so_far)));
                self.hostile_so_far += 1;
            }
        }
        let at = self.below(self.left.len() as u64) as usize;
        self.left.swap_remove(at)
    }

    /// A number less than `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        // SplitMix64: small, and good enough to shuffle cards.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}
