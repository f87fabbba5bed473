//! The page that a bench writes beside criterion's report, from files as criterion writes them.

use std::fs;
use std::path::Path;

use benches::serve_customers_page;
use menu::Step;

const GROUP: &str = "serve N customers (the input is N)";

fn curve(step: Step) -> String {
    format!("step {}, {}", step.number(), step.name())
}

fn sample(home: &Path, step: Step, customers: u32, seconds: [f64; 2]) {
    let folder = home.join(GROUP).join(curve(step)).join(customers.to_string()).join("new");
    fs::create_dir_all(&folder).expect("a folder");
    let times = seconds.map(|seconds| 2.0 * seconds);
    let text = format!(r#"{{"sampling_mode":"Flat","iters":[2.0,2.0],"times":{times:?}}}"#);
    fs::write(folder.join("sample.json"), text).expect("a file");
}

#[test]
fn the_page_shows_the_samples_of_each_step_and_leads_to_the_details() {
    let home = tempfile::tempdir().expect("a folder");
    sample(home.path(), Step::Sequential, 3, [18.0, 18.5]);
    sample(home.path(), Step::NestedJoins, 3, [2.0, 2.0]);
    let path = serve_customers_page(home.path(), GROUP, curve).expect("a page");
    let page = fs::read_to_string(path).expect("it is written");
    for part in [
        "step 2: 6 s x N",
        "18.25 s<small>18.00 s to 18.50 s</small>",
        "step 5, nested-joins",
        "2.00 s<small>2.00 s to 2.00 s</small>",
        "<td>not measured</td>",
        "serve%20N%20customers%20(the%20input%20is%20N)/step%202,%20sequential/report/index.html",
        "href=\"report/index.html\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for tick in [2, 6, 18] {
        assert!(page.contains(&format!("\n{tick} s\n")), "a tick at {tick} s: {page}");
    }
    // What was not measured has no line.
    assert!(!page.contains("all customers at once"), "{page}");
}

#[test]
fn without_a_sample_there_is_no_page() {
    let home = tempfile::tempdir().expect("a folder");
    let error = serve_customers_page(home.path(), GROUP, curve).expect_err("nothing to show");
    assert!(error.to_string().contains("no sample"), "{error}");
    assert!(!home.path().join("serve_customers.html").exists());
}
