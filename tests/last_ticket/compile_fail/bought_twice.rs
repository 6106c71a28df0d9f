//! A ticket is sold once: `buy` takes it out of the buyer's hands.
use exercise::last_ticket::Ticket;

pub fn misuse(ticket: Ticket<'_>) {
    ticket.buy();
    ticket.buy(); //~ E0382
}

fn main() {}
