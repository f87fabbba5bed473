use coffee::{OrderLog, Record, Timeline};

/// The customers of a visit whose records the log keeps: all of them, or of a crowd the first and
/// the last few.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Customers<'a>(pub(crate) &'a Timeline);

impl<'a> Customers<'a> {
    /// Their numbers.
    pub(crate) fn numbers(self) -> impl Iterator<Item = u32> {
        let (all, omitted) = (self.0.accepted(), self.0.omitted());
        (1..=all).filter(move |customer| {
            omitted == 0 || *customer <= OrderLog::FEW || *customer > all - OrderLog::FEW
        })
    }

    /// What was done for one of them, by start.
    pub(crate) fn records(self, customer: u32) -> &'a [Record] {
        let records = self.0.records();
        let from = records.partition_point(|record| record.lane < customer);
        let to = records.partition_point(|record| record.lane <= customer);
        &records[from..to]
    }

    /// What was done for each of them for whom anything was.
    pub(crate) fn served(self) -> impl Iterator<Item = &'a [Record]> {
        self.numbers().map(move |customer| self.records(customer)).filter(|done| !done.is_empty())
    }
}

/// `customer 1`, `customers 1 and 2`, `customers 1, 2 and 3`, `customer 1 and 9 others`.
pub(crate) fn named(numbers: impl Iterator<Item = u32>) -> String {
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    match &numbers[..] {
        [one] => format!("customer {one}"),
        [first @ .., last] if first.len() < 3 => {
            format!("customers {} and {last}", first.join(", "))
        }
        [first, others @ ..] => format!("customer {first} and {} others", others.len()),
        [] => "no customer".to_owned(),
    }
}
