//! The figures of the charts, exactly, and the clock that the benches measure with.

use std::time::Duration;

use benches::{CUSTOMERS, Served, ShopTime, exactly, paused, until_last_coffee};
use criterion::measurement::{Measurement, ValueFormatter};
use menu::Step;

const ONE_COFFEE: Duration = Duration::from_secs(6);
const ONE_ACTION: Duration = Duration::from_secs(2);

#[test]
fn each_step_takes_exactly_what_the_charts_show() {
    for customers in CUSTOMERS {
        let served = Step::TALK.map(|step| exactly(step, customers).expect("a paused runtime"));
        let at = |answer, last_coffee| Served { answer, last_coffee };
        let in_turn = ONE_COFFEE * customers;
        assert_eq!(
            served,
            [
                at(in_turn, in_turn),
                at(Duration::ZERO, ONE_COFFEE),
                at(ONE_COFFEE, ONE_COFFEE),
                at(ONE_ACTION, ONE_ACTION),
            ],
            "{customers} customers"
        );
    }
}

#[test]
fn shop_time_is_the_waiting_and_the_work() {
    let runtime = paused().expect("a paused runtime");
    let (waited, worked) = runtime.block_on(async {
        let start = ShopTime.start();
        until_last_coffee(Step::Sequential, 3).await;
        let waited = ShopTime.end(start);
        let start = ShopTime.start();
        std::hint::black_box((0..1_000_000_u64).fold(0, |sum, n| sum ^ std::hint::black_box(n)));
        (waited, ShopTime.end(start))
    });
    assert!(waited > ONE_COFFEE * 3, "some work is in it: {waited:?}");
    // Wide, because other programs may hold the cores: three coffees are microseconds of work.
    assert!(waited < ONE_COFFEE * 3 + Duration::from_secs(5), "{waited:?}");
    assert!(worked > Duration::ZERO, "work alone counts, too");
}

#[test]
fn every_label_has_its_unit() {
    assert_eq!(ShopTime.format_value(18.0), "18.0000 s of shop time");
    assert_eq!(ShopTime.scale_values(18.0, &mut [18.0]), "s of shop time");
}
