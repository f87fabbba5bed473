/// What there is to say of one step.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The step's number in the talk.
    pub number: u8,
    /// The step's idea, a sentence.
    pub idea: &'static str,
    /// What there is to see in it.
    pub shows: Shows,
    /// What to type next.
    pub next: &'static str,
}

/// What there is to see in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// One thing after another.
    InTurn,
    /// An answer that comes before the coffee.
    AnswerFirst,
    /// Customers who wait at the same time.
    CustomersAtOnce,
    /// Customers, and for each of them actions, that wait at the same time.
    ActionsAtOnce,
}

impl Lesson {
    /// Step 1 of the talk.
    pub const STEP_1: Self = Self {
        number: 1,
        idea: "no concurrency; one customer pays, gets the espresso, gets the milk",
        shows: Shows::InTurn,
        next: "cargo run --example step2",
    };
    /// Step 2 of the talk.
    pub const STEP_2: Self = Self {
        number: 2,
        idea: "more customers, one after another",
        shows: Shows::InTurn,
        next: "cargo run --example step3",
    };
    /// Step 3 of the talk.
    pub const STEP_3: Self = Self {
        number: 3,
        idea: "spawn a task for each customer, and wait for none",
        shows: Shows::AnswerFirst,
        next: "cargo run --example step4",
    };
    /// Step 4 of the talk.
    pub const STEP_4: Self = Self {
        number: 4,
        idea: "spawn a task for each customer, and join them all",
        shows: Shows::CustomersAtOnce,
        next: "cargo run --example step5",
    };
    /// Step 5 of the talk.
    pub const STEP_5: Self = Self {
        number: 5,
        idea: "join the customers, and for each of them join the three actions",
        shows: Shows::ActionsAtOnce,
        next: "the patterns in crates/README.md, or a crowd: \
               cargo run --example step5 -- --customers 10000",
    };

    /// What there is to see if the step is as the talk has it, a sentence.
    #[must_use]
    pub const fn seen(&self) -> &'static str {
        match self.shows {
            Shows::InTurn if self.number == 1 => {
                "Each action begins when the one before has ended, so their times add up."
            }
            Shows::InTurn => {
                "A staircase: the customers wait for one another, each until the one before has \
                 the coffee, so their times add up, too."
            }
            Shows::AnswerFirst => {
                "The answer is a lie: it comes before a single coffee is made, because nothing \
                 waits for the tasks."
            }
            Shows::CustomersAtOnce => {
                "The customers wait at the same time now, each in a row of their own, so any \
                 number takes as long as one."
            }
            Shows::ActionsAtOnce => {
                "Three rows a customer: the three actions wait at the same time, too, so any \
                 number takes as long as one action."
            }
        }
    }
}
