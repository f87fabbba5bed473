use std::sync::Arc;

use coffee::{Action, Observer};
use counter::{Asked, Audience, Counter};
use menu::Step;
use tokio::sync::{Semaphore, watch};

use crate::board::{Board, RunObserver};
use crate::frame::Menu;
use crate::publisher::Publisher;

/// The live page of one shop: an [`Audience`] for its counter. Clones are the same page.
#[derive(Clone, Debug)]
pub struct Live {
    pub(crate) board: Arc<Board>,
    pub(crate) frames: watch::Receiver<Arc<str>>,
    pub(crate) viewer_permits: Arc<Semaphore>,
    pub(crate) max_viewers: usize,
    pub(crate) step: Step,
}

/// Opens the page of the shop at this counter. Returns the page, which is to join the counter's
/// audience, and its [`Publisher`], which is to run while the shop is open.
///
/// At most `max_viewers` event streams are open at once. Each keeps a connection, so the server's
/// own bound must leave some for orders.
pub fn open(counter: &Counter, max_viewers: usize) -> (Live, Publisher) {
    let board = Arc::new(Board::new(Menu::of(counter)));
    let viewer_permits = Arc::new(Semaphore::new(max_viewers));
    let (publisher, frames) = Publisher::new(board.clone(), viewer_permits.clone(), max_viewers);
    (Live { board, frames, viewer_permits, max_viewers, step: counter.step }, publisher)
}

impl Audience for Live {
    fn observer(&self, asked: &Asked) -> Arc<dyn Observer<Action>> {
        Arc::new(RunObserver::new(asked, self.board.clone()))
    }
}
