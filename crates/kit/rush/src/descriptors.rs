/// Descriptors that are not connections: the standard ones, the runtime's, and a few to spare.
const OTHER_DESCRIPTORS: u64 = 32;

/// Raises the limit of open files as far as this process may, and returns how many connections
/// that allows.
#[must_use]
pub fn max_connections() -> u64 {
    let most = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    most.saturating_sub(OTHER_DESCRIPTORS)
}
