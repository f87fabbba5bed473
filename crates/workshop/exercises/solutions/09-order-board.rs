//! Exercise 9: the order board.
//!
//! Three baristas make the coffees: exactly three tasks, and each takes one order after another from
//! the board, in the order in which they hang there. The board has room for two orders. When it is
//! full, no further order is taken: the customers wait in the street. That is backpressure. Ten
//! customers take 24 s: four rounds of 6 s.
//!
//! `serve` hangs the orders on the board, one by one, and returns when the last coffee is out.
//!
//! You need: `mpsc::channel`, whose `send` waits while there is no room. A receiver has one owner,
//! so the baristas share it behind a lock: `Arc<Mutex<Receiver>>`, with tokio's `Mutex`. When all
//! senders are dropped, `recv` gives `None`, and a barista can go home.

use std::process::ExitCode;
use std::sync::Arc;

use coffee::Order;
use examiner::{BARISTAS, BOARD, Queue};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

type Board = Arc<Mutex<mpsc::Receiver<Order>>>;

async fn serve(queue: Queue) {
    let (write, read) = mpsc::channel(BOARD);
    let board: Board = Arc::new(Mutex::new(read));
    let mut baristas = JoinSet::new();
    for _ in 0..BARISTAS {
        baristas.spawn(work(Arc::clone(&board)));
    }
    for order in queue {
        write.send(order).await.expect("the baristas read as long as there is a writer");
    }
    drop(write);
    baristas.join_all().await;
}

/// One barista: takes an order from the board and makes it, again and again.
async fn work(board: Board) {
    loop {
        let order = board.lock().await.recv().await;
        match order {
            Some(order) => make_coffee(order).await,
            None => break,
        }
    }
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

fn main() -> ExitCode {
    examiner::exam!(order_board(serve))
}
