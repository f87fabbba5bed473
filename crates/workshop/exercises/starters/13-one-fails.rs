//! Exercise 13: one card is declined.
//!
//! Some friends order together. Everything goes on at the same time: all of them pay, and for all of
//! them the espresso is made and the milk is steamed. If one card is declined, the table is not served:
//! in that moment all other work stops, the money of those who have paid goes back, and `serve` returns
//! the error. Payment and brewing at once means that by then an espresso may have been made for
//! nothing: that is what this shop pays for being fast.
//!
//! You need: `till.charge(&order)`, which gives a `Receipt`, or `Err` if the card is declined;
//! `till.refund(receipt)`; `tokio::try_join!`, which waits for all or for the first error, and then
//! drops the rest. For a list of futures there is `futures::future::try_join_all`, or a `JoinSet`, which
//! aborts its tasks when it is dropped. Keep the receipts where they outlive the future that got them.

use std::process::ExitCode;
use std::sync::Mutex;

use coffee::Order;
use examiner::{Declined, Receipt, Till};
use futures::future::try_join_all;
use tokio::{join, try_join};

async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
    todo!("all friends at the same time; at the first error give the money back, and return it")
}

/// One friend: pays, and the receipt goes to the others; meanwhile the coffee is made.
async fn make_coffee(
    order: &Order,
    till: &Till,
    receipts: &Mutex<Vec<Receipt>>,
) -> Result<(), Declined> {
    todo!("charge, make the espresso and steam the milk, all at the same time")
}

fn main() -> ExitCode {
    examiner::exam!(one_fails(serve))
}
