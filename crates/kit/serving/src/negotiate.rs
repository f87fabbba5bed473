use axum::http::{HeaderMap, header};

/// The media type that a client likes best, of those that are offered: the index of the first with
/// the highest quality in the header `Accept`. Without such a header, and if the client likes none
/// of them, that is the first.
///
/// A range with parameters, such as `text/plain; version=0.0.4`, matches offers that have them.
/// Whether an answer depends on it belongs into its header `Vary`.
#[must_use]
pub fn negotiate(headers: &HeaderMap, offers: &[&str]) -> usize {
    let fields = headers.get_all(header::ACCEPT).iter().filter_map(|field| field.to_str().ok());
    let accept = fields.collect::<Vec<_>>().join(",").to_ascii_lowercase();
    let ranges: Vec<_> = accept.split(',').filter_map(Range::parse).collect();
    let mut best = (0, 0.0);
    for (index, offer) in offers.iter().enumerate() {
        let quality = quality(&ranges, &offer.to_ascii_lowercase());
        if quality > best.1 {
            best = (index, quality);
        }
    }
    best.0
}

#[derive(Debug)]
struct Range<'a> {
    media_type: &'a str,
    parameters: Vec<&'a str>,
    quality: f32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next().filter(|media_type| media_type.contains('/'))?;
        let (weights, parameters): (Vec<_>, Vec<_>) =
            parts.partition(|part| part.starts_with("q="));
        let quality =
            weights.first().map_or(Some(1.0), |weight| weight[2..].trim().parse().ok())?;
        (0.0..=1.0).contains(&quality).then_some(Self { media_type, parameters, quality })
    }

    /// How closely it describes the offer; `None` if it does not.
    fn closeness(&self, offer: &str) -> Option<usize> {
        let mut parts = offer.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let offered: Vec<_> = parts.collect();
        let kind = self.media_type.strip_suffix("/*");
        if self.media_type == media_type {
            let has_all = self.parameters.iter().all(|parameter| offered.contains(parameter));
            return has_all.then_some(2 + self.parameters.len());
        }
        match kind? {
            "*" => Some(0),
            kind => media_type.strip_prefix(kind)?.starts_with('/').then_some(1),
        }
    }
}

/// That of the range which describes the offer most closely.
fn quality(ranges: &[Range<'_>], offer: &str) -> f32 {
    let matching = ranges.iter().filter_map(|range| Some((range.closeness(offer)?, range.quality)));
    matching.max_by_key(|(closeness, _)| *closeness).map_or(0.0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_quality_of_the_closest_range_wins() {
        let offers = ["text/plain; version=0.0.4", "application/json"];
        for (accept, expected) in [
            ("", 0),
            ("*/*", 0),
            ("application/json", 1),
            ("Application/JSON", 1),
            ("text/html, application/json;q=0.9", 1),
            ("text/plain, application/json", 0),
            ("text/plain;q=0.5, application/json;q=0.6", 1),
            ("application/json;q=0, text/*", 0),
            ("application/json;q=0", 0),
            ("*/*, application/json;q=0.1", 0),
            ("text/*;q=0.1, */*;q=0.2", 1),
            ("application/jsonp, text/plain", 0),
            ("application/json; q=0.8, text/plain;version=0.0.4;q=0.7", 1),
            ("application/json; q=0.6, text/plain;version=0.0.5;q=0.7", 1),
            ("application/json;q=nonsense", 0),
            ("text/html, image/png", 0),
        ] {
            let mut headers = HeaderMap::new();
            if !accept.is_empty() {
                headers.insert(header::ACCEPT, accept.parse().expect("a value"));
            }
            assert_eq!(negotiate(&headers, &offers), expected, "{accept}");
        }
    }
}
