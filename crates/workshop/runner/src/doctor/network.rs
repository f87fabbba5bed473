use super::finding::Finding;

/// Whether curl would ask a proxy for the shop on this machine, by what is in the environment.
pub(crate) fn proxy(variable: &dyn Fn(&str) -> Option<String>) -> Finding {
    const WHAT: &str = "Proxy";
    let of = |names: [&'static str; 2]| {
        names.into_iter().find_map(|name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some((name, value))
        })
    };
    // curl reads HTTP_PROXY in lower case only; others do not.
    let Some((name, _)) = of(["http_proxy", "HTTP_PROXY"]) else {
        return Finding::good(WHAT, "none");
    };
    let (_, excluded) = of(["no_proxy", "NO_PROXY"]).unwrap_or_default();
    let excludes = |host: &str| excluded.split([',', ' ']).any(|part| part.trim() == host);
    if excludes("*") || ["localhost", "127.0.0.1"].into_iter().all(excludes) {
        return Finding::good(WHAT, format!("{name} is set, and not for this machine itself"));
    }
    Finding::bad(
        WHAT,
        format!(
            "{name} is set, also for localhost: curl asks the proxy for the shop on this machine"
        ),
        "export no_proxy=localhost,127.0.0.1,::1; or curl --noproxy '*'",
    )
}

#[cfg(test)]
mod tests {
    use super::proxy;
    use crate::doctor::finding::State;

    #[test]
    fn a_proxy_is_in_the_way_unless_this_machine_is_excluded() {
        for (http_proxy, no_proxy, state) in [
            ("", "", State::Good),
            ("http://proxy:3128", "", State::Bad),
            ("http://proxy:3128", "example.com", State::Bad),
            ("http://proxy:3128", "localhost", State::Bad),
            ("http://proxy:3128", "localhost, 127.0.0.1,::1", State::Good),
            ("http://proxy:3128", "*", State::Good),
        ] {
            let found = proxy(&|name| match name {
                "http_proxy" => Some(http_proxy.to_owned()),
                "no_proxy" => Some(no_proxy.to_owned()),
                _ => None,
            });
            assert_eq!(found.state, state, "{http_proxy} {no_proxy}: {}", found.said);
        }
    }
}
