//! What comes back from rayon's threads, and what does not stay there.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use grinder::{Error, Grounds, Pool, Sack, Way, on_rayon};
use tokio::time::timeout;

/// Far longer than anything here takes, so that a test that hangs becomes a failure with a name.
const PATIENCE: Duration = Duration::from_secs(60);

fn pool(threads: usize) -> Pool {
    let threads = NonZeroUsize::new(threads).expect("not zero");
    Pool::new(threads).expect("the operating system has threads")
}

#[tokio::test]
async fn a_stone_among_the_beans_comes_back_as_an_error_in_every_way() {
    let sack = Sack::from_range(0..1_000).expect("it fits");
    for way in Way::ALL {
        let ground = way.grind(&pool(2), sack.clone()).await;
        assert!(matches!(ground, Err(Error::Stone)), "{way}: {ground:?}");
    }
}

#[tokio::test]
async fn a_panic_comes_back_as_an_error_and_the_pool_goes_on() {
    let pool = pool(1);
    let words = ["a plain one".to_owned(), format!("with a number: {}", 7)];
    for text in words {
        let panic = text.clone();
        let broken = pool.run::<(), _>(move |_| panic!("{panic}")).await;
        assert!(matches!(broken, Err(Error::Broken { message }) if message == text));
    }
    let sack = Sack::of(10).expect("it fits");
    assert_eq!(on_rayon(&pool, sack).await.expect("the thread is alive").steps, 67);
}

#[tokio::test]
async fn dropping_the_future_stops_the_work_and_nothing_remains() {
    let pool = pool(1);
    let (begun, has_begun) = channel();
    let held = Arc::new(());
    let there = Arc::clone(&held);
    let work = pool.run(move |asker| -> Result<(), Error> {
        let _there = there;
        begun.send(()).expect("the test listens");
        loop {
            asker.still_waits()?;
        }
    });
    // Polled once and then dropped, while the work goes round and round.
    assert!(timeout(Duration::from_millis(20), work).await.is_err());
    has_begun.recv_timeout(PATIENCE).expect("it did begin");

    // The only thread takes the next piece of work, so it is done with the one before.
    let next = timeout(PATIENCE, on_rayon(&pool, Sack::of(3).expect("it fits")));
    assert_eq!(next.await.expect("the thread is free").expect("no stone").beans, 3);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test]
async fn work_that_has_not_begun_when_the_future_is_dropped_never_does() {
    let pool = pool(1);
    let (go_on, wait) = channel::<()>();
    let busy = pool.run(move |_| {
        wait.recv().expect("the test says when");
        Ok(())
    });
    let (begun, has_begun) = channel();
    let in_the_queue = pool.run(move |_| {
        begun.send(()).expect("the test listens");
        Ok(())
    });
    let mut busy = Box::pin(busy);
    assert!(timeout(Duration::from_millis(20), &mut busy).await.is_err());
    assert!(timeout(Duration::from_millis(20), in_the_queue).await.is_err());
    go_on.send(()).expect("it waits");

    timeout(PATIENCE, busy).await.expect("it goes on").expect("nothing fails");
    let next = timeout(PATIENCE, on_rayon(&pool, Sack::of(1).expect("it fits"))).await;
    next.expect("the thread is free").expect("no stone");
    assert!(has_begun.recv().is_err(), "dropped, and never called");
}

#[test]
fn a_sack_is_bounded_and_says_so() {
    let most = Sack::of(Sack::MOST).expect("as many as fit");
    assert_eq!(most.beans().len(), 10_000_000);
    for too_many in [Sack::of(Sack::MOST + 1), Sack::from_range(5..u32::MAX)] {
        let sentence = too_many.expect_err("too many").to_string();
        assert!(sentence.ends_with("grind at most 10000000 at once"), "{sentence}");
    }
}

#[test]
fn no_beans_give_no_grounds() {
    let nothing = grinder::grind(&Sack::of(0).expect("it fits")).expect("no stone");
    assert_eq!(nothing, Grounds::default());
    assert_eq!(nothing.hardest, None);
}
