use std::fs;
use std::path::{Path, PathBuf};

/// How much memory the process may use, and where the figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// In bytes.
    pub bytes: u64,
    /// Where the figure comes from, in a few words.
    pub from: &'static str,
}

/// What is assumed where the system cannot be asked.
const ASSUMED: u64 = 1 << 30;
const HALF: &str = "half of the physical memory";

/// The memory that the process may use: the lowest of the limit that is `stated`, as the Downward API
/// of Kubernetes passes it, of the control group's, version 1 or 2, and of the machine's own. A limit
/// at or above the machine's memory is none; without one it is half the machine's, because other
/// programs need memory, too. It is 1 GiB on systems that are not Linux, unless a limit is stated.
#[must_use]
pub fn memory(stated: Option<u64>) -> Memory {
    let root = Path::new("/");
    lowest(stated, group_limit(root), physical(root))
}

fn lowest(stated: Option<u64>, group: Option<u64>, physical: Option<u64>) -> Memory {
    let stated = stated.map(|bytes| Memory { bytes, from: "MEMORY_LIMIT" });
    let group = group.map(|bytes| Memory { bytes, from: "the control group" });
    let limit = stated.into_iter().chain(group).min_by_key(|memory| memory.bytes);
    let limit = limit.filter(|limit| physical.is_none_or(|physical| limit.bytes < physical));
    let half = physical.map(|bytes| Memory { bytes: bytes / 2, from: HALF });
    limit.or(half).unwrap_or(Memory { bytes: ASSUMED, from: "an assumption" })
}

/// The lowest limit of the process's group and the groups around it. In a container the group's
/// own folder is mounted at the root, and its path leads nowhere; so both are looked at.
fn group_limit(root: &Path) -> Option<u64> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let files = groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        match controllers.split(',').any(|name| name == "memory") {
            true => limit_files(&root.join("sys/fs/cgroup/memory"), path, "memory.limit_in_bytes"),
            false if controllers.is_empty() => {
                limit_files(&root.join("sys/fs/cgroup"), path, "memory.max")
            }
            false => Vec::new(),
        }
    });
    files.filter_map(|file| limit(&fs::read_to_string(file).ok()?)).min()
}

fn limit_files(mount: &Path, group: &str, name: &str) -> Vec<PathBuf> {
    let group = Path::new(group.trim_start_matches('/'));
    group.ancestors().map(|group| mount.join(group).join(name)).collect()
}

/// `max` is how version 2 says that there is none; version 1 says it with a number beyond any
/// machine.
fn limit(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|bytes| *bytes < 1 << 60)
}

fn physical(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        root
    }

    #[test]
    fn the_lowest_limit_of_the_groups_around_counts_in_version_2() {
        let root = system(&[
            ("proc/self/cgroup", "0::/pods/shop\n"),
            ("sys/fs/cgroup/pods/shop/memory.max", "max\n"),
            ("sys/fs/cgroup/pods/memory.max", "10485760\n"),
        ]);
        assert_eq!(group_limit(root.path()), Some(10 << 20));
    }

    #[test]
    fn version_1_is_read_in_a_container_where_the_path_leads_nowhere() {
        let root = system(&[
            ("proc/self/cgroup", "3:cpu:/x\n5:memory:/docker/abc\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "10485760\n"),
        ]);
        assert_eq!(group_limit(root.path()), Some(10 << 20));
    }

    #[test]
    fn no_limit_is_said_in_two_ways_and_a_system_without_groups_has_none() {
        for text in ["max\n", "9223372036854771712\n", "nonsense"] {
            assert_eq!(limit(text), None, "{text}");
        }
        assert_eq!(group_limit(Path::new("/no/such/system")), None);
    }

    #[test]
    fn physical_memory_is_read_in_kibibytes() {
        let root = system(&[("proc/meminfo", "MemTotal:        8000000 kB\nMemFree: 1 kB\n")]);
        assert_eq!(physical(root.path()), Some(8_000_000 * 1024));
    }

    #[test]
    fn the_lowest_counts_and_a_limit_above_the_machine_is_none() {
        const GIB: u64 = 1 << 30;
        let tib = 1_024 * GIB;
        for (stated, group, physical, bytes, from) in [
            (Some(GIB), None, Some(8 * GIB), GIB, "MEMORY_LIMIT"),
            (Some(2 * GIB), Some(GIB), Some(8 * GIB), GIB, "the control group"),
            (Some(tib), Some(GIB), Some(8 * GIB), GIB, "the control group"),
            (Some(7 * GIB), None, Some(8 * GIB), 7 * GIB, "MEMORY_LIMIT"),
            (Some(tib), None, Some(8 * GIB), 4 * GIB, HALF),
            (None, Some(tib), Some(8 * GIB), 4 * GIB, HALF),
            (Some(u64::MAX), Some(u64::MAX), Some(8 * GIB), 4 * GIB, HALF),
            (None, None, Some(8 * GIB), 4 * GIB, HALF),
            (Some(3 * GIB), None, None, 3 * GIB, "MEMORY_LIMIT"),
            (None, None, None, GIB, "an assumption"),
        ] {
            let memory = lowest(stated, group, physical);
            assert_eq!(memory, Memory { bytes, from }, "{stated:?} {group:?} {physical:?}");
        }
        assert_eq!(memory(Some(1)), Memory { bytes: 1, from: "MEMORY_LIMIT" });
        assert!(memory(None).bytes > 1 << 20);
    }
}
