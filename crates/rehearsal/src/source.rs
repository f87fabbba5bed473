use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::ManifestError;

/// More than any manifest has, in bytes.
const LONGEST: u64 = 4 << 20;

/// The text of a file: UTF-8, with or without a byte order mark, or the UTF-16 that the `>` of
/// Windows PowerShell writes.
pub(crate) fn text(path: &Path) -> Result<String, ManifestError> {
    let read = |source| ManifestError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(read)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > LONGEST {
        return Err(ManifestError::TooLong { path: path.to_owned(), megabytes: LONGEST >> 20 });
    }
    decoded(&bytes).ok_or_else(|| ManifestError::NotText { path: path.to_owned() })
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => str::from_utf8(rest).ok()?.to_owned(),
        bytes => str::from_utf8(bytes).ok()?.to_owned(),
    };
    (!text.contains('\0')).then_some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks(2).map(|pair| pair.try_into().ok().map(unit));
    String::from_utf16(&units.collect::<Option<Vec<_>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_powershell_and_editors_write_is_text() {
        let text = "name: caf\u{e9} \u{1f600}\r\n";
        let units = || text.encode_utf16();
        let little: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> =
            [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect();
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for bytes in [&little, &big, &marked, text.as_bytes()] {
            assert_eq!(decoded(bytes).as_deref(), Some(text), "{bytes:x?}");
        }
        assert_eq!(decoded(&little[..little.len() - 1]), None, "half a character");
        assert_eq!((decoded(b"\0\0"), decoded(b"\xff\xff")), (None, None));
    }
}
