//! An output whose reader leaves, and one that fails.

use std::io::{self, ErrorKind, Write};

use program::Output;

struct Fails(ErrorKind);

impl Write for Fails {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_that_left_is_no_error() {
    let output = Output::to(Fails(ErrorKind::BrokenPipe));
    assert!(!output.is_closed());
    output.write("who reads this?\n");
    output.closed().await;
    assert!(output.check().is_ok());
}

#[tokio::test]
async fn a_full_disk_is_an_error() {
    let output = Output::to(Fails(ErrorKind::StorageFull));
    output.write("who keeps this?\n");
    output.closed().await;
    let error = output.check().expect_err("it could not be written");
    assert_eq!(error.kind(), ErrorKind::StorageFull);
}
