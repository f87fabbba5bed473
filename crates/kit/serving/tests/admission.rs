//! Who is admitted, on a paused clock.

use std::future::pending;
use std::time::Duration;

use serving::{Admission, Counts, Drain, Places, Room, Shed};
use tokio::time::{Instant, sleep};

const WAIT: Duration = Duration::from_secs(5);

fn admission(capacity: u32, max_waiting: usize) -> Admission {
    let room = Room { capacity: Some(capacity), max_waiting, max_wait: WAIT };
    Admission::new(room, Places::unlimited())
}

#[tokio::test(start_paused = true)]
async fn a_ticket_holds_its_units_until_it_is_dropped() {
    let admission = admission(10, 1);
    let ticket = admission.admit(7).await.expect("it fits");
    assert_eq!(admission.room(), Some(3));
    let began = Instant::now();
    let (next, ()) = tokio::join!(admission.admit(4), async {
        sleep(Duration::from_secs(2)).await;
        drop(ticket);
    });
    assert_eq!((began.elapsed().as_secs(), admission.room()), (2, Some(6)));
    drop(next);
}

#[tokio::test(start_paused = true)]
async fn each_reason_to_turn_a_request_away() {
    let admission = admission(1, 1);
    let _ticket = admission.admit(1).await.expect("it fits");
    let (waits, full) = tokio::join!(admission.admit(1), admission.admit(1));
    assert_eq!((waits.err(), full.err()), (Some(Shed::WaitOver), Some(Shed::QueueFull)));
    admission.close();
    assert_eq!(admission.admit(1).await.err(), Some(Shed::Closing));
    assert_eq!(admission.tally().counts().shed, 3);
}

#[tokio::test(start_paused = true)]
async fn a_place_is_held_until_the_answer_is_over_and_shared_by_all() {
    // Of eight connections one is the reserve.
    let places = Places::of_connections(8);
    assert_eq!(places.free(), 7);
    let room = Room { capacity: None, max_waiting: 0, max_wait: WAIT };
    let (one, other) = (Admission::new(room, places.clone()), Admission::new(room, places.clone()));
    let mut tickets = Vec::new();
    for admission in [&one, &other, &one, &other, &one, &other, &one] {
        tickets.push(admission.admit(1).await.expect("a place is free"));
    }
    assert_eq!(other.admit(1).await.err(), Some(Shed::NoPlace));
    tickets[0].answer_over(true);
    assert_eq!(places.free(), 1, "although the ticket is held");
    assert!(other.admit(1).await.is_ok());
}

#[test]
fn a_server_of_any_size_keeps_a_reserve_if_it_can() {
    for (connections, free) in [(1, 1), (2, 1), (3, 2), (20, 18), (100, 88), (1_000, 984)] {
        assert_eq!(Places::of_connections(connections).free(), free, "{connections}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_unit_counts_as_served_if_its_answer_was_written() {
    for (done, written, expected) in [
        (3, Some(true), Counts { served: 3, ..Counts::default() }),
        (3, Some(false), Counts { undelivered: 3, ..Counts::default() }),
        (3, None, Counts { undelivered: 3, ..Counts::default() }),
        (2, Some(true), Counts { served: 2, abandoned: 1, ..Counts::default() }),
        (0, None, Counts { abandoned: 3, ..Counts::default() }),
    ] {
        let admission = admission(10, 0);
        let ticket = admission.admit(3).await.expect("it fits");
        ticket.done(done);
        if let Some(written) = written {
            ticket.answer_over(written);
        }
        drop(ticket);
        assert_eq!(admission.tally().counts(), Counts { asked: 3, ..expected });
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_goes_from_not_ready_to_closed_to_nothing_in_flight() {
    let admission = admission(10, 0);
    let ticket = admission.admit(1).await.expect("it fits");
    let drain = Drain { delay: Duration::from_secs(2), grace: Duration::from_secs(20) };
    let began = Instant::now();
    let (left, ()) = tokio::join!(drain.run(&admission, async {}, pending()), async {
        sleep(Duration::from_secs(1)).await;
        assert!(!admission.is_ready());
        assert!(admission.admit(1).await.is_ok(), "it goes on serving");
        sleep(Duration::from_secs(2)).await;
        assert_eq!(admission.admit(1).await.err(), Some(Shed::Closing));
        drop(ticket);
    });
    assert_eq!((left, began.elapsed().as_secs()), (0, 3));
}
