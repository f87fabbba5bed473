//! Runs a step under a lesson, and reads what is said of it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use coffee::{Order, Shop};
use narrator::{Error, Flags, Lesson, Narrator, Terminal, serve_once};
use program::{End, Output};
use tokio::join;
use tokio::task::JoinSet;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("unpoisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a step for three customers on a paused clock. Returns how it ended, and what was said, on
/// one line.
pub(crate) fn said<F>(
    lesson: Lesson,
    serve: impl FnOnce(Shop, u32) -> F,
) -> (Result<End, Error>, String)
where
    F: Future<Output = ()> + Send + 'static,
{
    let paper = Paper::default();
    let narrator = Narrator::new(lesson, Terminal::plain(Output::to(paper.clone())));
    let flags = Flags { paused: true, ..Flags::default() };
    let ended = serve_once(&narrator, &flags, 3, serve);
    let said = String::from_utf8(paper.0.lock().expect("unpoisoned").clone()).expect("UTF-8");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!(said.contains("Took ") && said.contains("Stopped after ")), "both: {said}");
    (ended, said)
}

/// The same for an edit that runs to its end, and must not be praised.
pub(crate) fn of_edit<F>(lesson: Lesson, serve: impl FnOnce(Shop, u32) -> F) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let (ended, said) = said(lesson, serve);
    assert!(matches!(ended, Ok(End::Done)), "{ended:?}: {said}");
    assert!(!said.contains("Next: "), "{said}");
    said
}

#[track_caller]
pub(crate) fn says(said: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(said.contains(sentence), "{sentence:?} is not in: {said}");
    }
}

pub(crate) async fn in_turn(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}

pub(crate) async fn at_once(order: Order) {
    join!(biased; order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
}

pub(crate) async fn one_after_another(shop: Shop, customers: u32) {
    for order in shop.orders(customers) {
        in_turn(order).await;
    }
}

pub(crate) async fn joined(shop: Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(in_turn(order));
    }
    coffees.join_all().await;
}
