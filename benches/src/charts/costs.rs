use super::bars::{Bar, Bars, Row};
use super::canvas::{BLUE, BROWN};
use super::lines::thousands;
use crate::overhead::{Allocator, Overhead, Row as Cell, Way};

/// What each way costs for each customer, at the most customers that were measured.
#[must_use]
pub fn overhead(data: &Overhead) -> String {
    let most = data.rows.iter().map(|row| row.customers).max().unwrap_or(0);
    let customers = thousands(most.into());
    let cell = |way, allocator| {
        let here = |row: &&Cell| (row.way, row.allocator, row.customers) == (way, allocator, most);
        data.rows.iter().find(here)
    };
    let row = |way: Way| {
        let cells = Allocator::ALL.map(|allocator| (allocator, cell(way, allocator)));
        Row {
            label: way.name().to_owned(),
            bars: [bars(&cells, Cell::ns_per_customer), bars(&cells, Cell::bytes_per_customer)],
        }
    };
    let notes = Way::SHOWN.into_iter().filter_map(|way| cell(way, Allocator::System)).map(note);
    let chart = Bars {
        title: &format!("What concurrency itself costs, {customers} customers"),
        description: &format!(
            "Two groups of bars: nanoseconds beyond the waiting and bytes at the peak for each \
             of {customers} customers.\n{data}"
        ),
        headings: ["ns beyond the waiting, per customer", "bytes at the peak, per customer"],
        rows: Way::COMPARED.into_iter().map(row).collect(),
        key: Allocator::ALL.into_iter().map(|one| (colour(one), words(one))).collect(),
        notes: notes.chain(["the bars are the median of 3 runs".to_owned()]).collect(),
        caption: &data.taken.caption(),
    };
    chart.draw()
}

fn bars(cells: &[(Allocator, Option<&Cell>)], value: impl Fn(&Cell) -> Option<f64>) -> Vec<Bar> {
    let bar = |(allocator, cell): &(Allocator, Option<&Cell>)| {
        let value = value((*cell)?)?;
        let words = thousands(value.round() as u64);
        Some(Bar { value, words, colour: colour(*allocator) })
    };
    cells.iter().filter_map(bar).collect()
}

fn note(cell: &Cell) -> String {
    let (name, customers) = (cell.way.name(), thousands(cell.customers.into()));
    match cell.ns_per_customer() {
        Some(ns) => format!("{name}: {} ns per customer", thousands(ns.round() as u64)),
        None => format!(
            "{name}: given up after {} s, when {} of {customers} had coffee",
            cell.limit_s,
            thousands(cell.served.into())
        ),
    }
}

const fn colour(allocator: Allocator) -> plotters::style::RGBColor {
    match allocator {
        Allocator::System => BROWN,
        Allocator::Mimalloc => BLUE,
    }
}

const fn words(allocator: Allocator) -> &'static str {
    match allocator {
        Allocator::System => "system's allocator",
        Allocator::Mimalloc => "mimalloc",
    }
}
