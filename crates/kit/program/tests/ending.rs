//! Exit codes.

use std::io;
use std::process::ExitCode;

use program::{End, Failure, exit};

fn same(code: ExitCode, number: u8) -> bool {
    format!("{code:?}") == format!("{:?}", ExitCode::from(number))
}

#[test]
fn each_way_to_end_has_its_exit_code() {
    let ended = |end| exit(Ok::<_, Failure>(end));
    assert!(same(ended(End::Done), 0));
    assert!(same(ended(End::Unsuccessful), 1));
    assert!(same(ended(End::Interrupted), 130));
    assert!(same(exit(Err(io::Error::other("the milk is sour"))), 1));
    let usage = Failure::new("there is no step 12").hint("try 5").code(Failure::USAGE);
    assert!(same(exit(Err(usage)), 2));
}
