//! Runs the attacks, and looks afterwards whether anything was touched.

mod attack;
mod battle;
mod hidden;
mod made;
mod outside;
pub mod submissions;

pub use attack::Attack;
pub use battle::Battle;
