/// What there is to say of one step.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The step's number in the talk.
    pub number: u8,
    /// The step's idea, a sentence.
    pub idea: &'static str,
    /// What there was to see and why, a sentence.
    pub seen: &'static str,
    /// What it means when coffees are lost, a sentence.
    pub lost: &'static str,
    /// What to type next.
    pub next: &'static str,
}
