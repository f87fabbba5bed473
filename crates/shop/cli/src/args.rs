use std::net::IpAddr;
use std::process::ExitCode;

use narrator::{Flag, Flags, Lesson, Usage, Value, command_line, refuse};

/// The flags of the steps that serve any number of customers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    /// How many customers to serve once, without a server.
    pub(crate) customers: Option<u32>,
    /// The most customers that one request may bring.
    pub(crate) max_customers: u32,
    /// The port to listen on; 0 means any free one.
    pub(crate) port: u16,
    /// The address to listen on, instead of this machine only.
    pub(crate) address: Option<IpAddr>,
}

const MAX_CUSTOMERS: u32 = 100_000;

const MORE: [Flag; 4] = [
    Flag {
        name: "customers",
        value: "N",
        help: "Serve so many customers once and end, without a server",
    },
    Flag {
        name: "max-customers",
        value: "N",
        help: "The most customers that one request may bring [default: 100000]",
    },
    Flag {
        name: "port",
        value: "PORT",
        help: "The port to listen on; 0 means any free one [default: 8080]",
    },
    Flag {
        name: "address",
        value: "ADDRESS",
        help: "The address to listen on, instead of this machine only",
    },
];

/// What the command line says of these flags.
#[derive(Default)]
struct Given {
    customers: Option<u32>,
    max_customers: Option<u32>,
    port: Option<u16>,
    address: Option<IpAddr>,
}

impl Given {
    fn read(&mut self, name: &str, mut value: Value<'_>) -> Result<(), String> {
        match name {
            "customers" => self.customers = Some(value.parsed(customers)?),
            "max-customers" => self.max_customers = Some(value.parsed(customers)?),
            "port" => self.port = Some(value.parsed(port)?),
            "address" => self.address = Some(value.parsed(str::parse)?),
            other => unreachable!("{other} is not among the flags"),
        }
        Ok(())
    }

    fn open(self) -> Open {
        Open {
            customers: self.customers,
            max_customers: self.max_customers.unwrap_or(MAX_CUSTOMERS),
            port: self.port.unwrap_or(8080),
            address: self.address,
        }
    }

    /// What is wrong with flags that are valid one by one.
    fn problem(&self, flags: &Flags, max_customers: u32, run: &str) -> Option<String> {
        let other = self.port.map(|_| "--port <PORT>");
        let other = other.or_else(|| self.address.map(|_| "--address <ADDRESS>"));
        match (self.customers, other) {
            (Some(_), Some(other)) => {
                Some(format!("the argument '--customers <N>' cannot be used with '{other}'"))
            }
            (Some(customers), None) if customers > max_customers => Some(format!(
                "{customers} customers are more than the limit of {max_customers}; to serve them \
                 all the same: {run} --customers {customers} --max-customers {customers}"
            )),
            (None, _) if flags.paused => Some(format!(
                "--paused needs --customers, because a network has no clock that could be paused: \
                 {run} --customers 3 --paused"
            )),
            (None, _) if flags.svg.is_some() => Some(format!(
                "--svg needs --customers, because each request to a shop has a timeline of its \
                 own: {run} --customers 3 --svg FILE"
            )),
            _ => None,
        }
    }
}

/// Reads the command line. One that asks for help, or is wrong, is answered, and the error is the
/// exit code to end with.
pub(crate) fn read(lesson: &Lesson) -> Result<(Flags, Open), ExitCode> {
    let tries = [
        ("", ", and in another terminal curl localhost:8080/serve-customer/3"),
        ("--customers 3", "           without a server"),
        ("--customers 3 --paused", "  the same at once"),
    ];
    let usage = Usage { lesson, more: &MORE, tries: &tries };
    let mut given = Given::default();
    let flags = command_line(&usage, |name, value| given.read(name, value))?;
    let max_customers = given.max_customers.unwrap_or(MAX_CUSTOMERS);
    match given.problem(&flags, max_customers, &format!("{} --", usage.run())) {
        Some(problem) => Err(refuse(&usage, &problem)),
        None => Ok((flags, given.open())),
    }
}

fn customers(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("0 customers are too few; try 3".to_owned()),
        Ok(customers) => Ok(customers),
        Err(_) => Err(format!("not a whole number from 1 to {}; try 3", u32::MAX)),
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("not a port from 0 to {}; try 8081", u16::MAX))
}
