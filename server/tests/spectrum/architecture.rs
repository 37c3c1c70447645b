//! The rules of the house that a compiler does not hold: which way dependencies point, how long a file may be, that every
//! file says what it is for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the workspace")
}

/// What each crate of the workspace depends on, leaving optional dependencies and those of tests and builds out or not.
fn dependencies(optional: bool) -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| {
            let needs = package["dependencies"].as_array().expect("dependencies").iter().filter(|dependency| {
                dependency["kind"].is_null() && (optional || dependency["optional"] == Value::Bool(false))
            });
            (text(&package["name"]), needs.map(|dependency| text(&dependency["name"])).collect())
        })
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let all = dependencies(true);
    let never = |from: &str, to: &[&str]| {
        for name in to {
            assert!(!all[from].contains(*name), "{from} must not depend on {name}");
        }
    };
    never("spectrum-domain", &["spectrum-core", "app", "server", "tokio", "sqlx", "axum", "reqwest", "leptos"]);
    never("spectrum-core", &["app", "server", "axum", "leptos", "reqwest", "tower-http"]);
    never("app", &["server", "sqlx", "tokio", "reqwest"]);
    // What the browser would carry is what stays without the server's feature.
    let always = &dependencies(false)["app"];
    for server_only in ["spectrum-core", "axum", "leptos_axum", "tracing"] {
        assert!(!always.contains(server_only), "app carries {server_only} into the browser");
    }
}

/// Everything that a crate of the workspace leads to, tests and every platform included, as the lock file has it.
fn closure(of: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("Cargo.lock")).expect("the lock file");
    let lock: toml::Table = toml::from_str(&text).expect("TOML");
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let listed = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        let names = listed.filter_map(|name| name.as_str()?.split(' ').next());
        needs.entry(package["name"].as_str().expect("a name")).or_default().extend(names);
    }
    let mut found = BTreeSet::new();
    let mut open = vec![of];
    while let Some(name) = open.pop() {
        if found.insert(name.to_owned()) {
            open.extend(&needs[name]);
        }
    }
    found
}

#[test]
fn the_vocabulary_leads_to_no_input_or_output() {
    let domain = closure("spectrum-domain");
    for name in ["tokio", "sqlx", "sqlx-core", "axum", "hyper", "reqwest", "leptos", "mio", "socket2", "async-io"] {
        assert!(!domain.contains(name), "spectrum-domain leads to {name}");
    }
    assert!(closure("server").contains("tokio"), "the lock file is read as it is meant");
}

/// All files below the given folders with one of these endings.
fn files(folders: &[&str], endings: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("node_modules") {
                    walk(&path, endings, found);
                }
            } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), endings, &mut found);
    }
    found
}

#[test]
fn the_choice_between_server_and_browser_stands_on_one_page() {
    for path in files(&["app/src"], &["rs"]) {
        let text = fs::read_to_string(&path).expect("text");
        let chooses = text.contains("cfg(feature") || text.contains("feature = \"");
        assert!(!chooses || path.ends_with("app/src/lib.rs"), "{}", path.display());
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for path in files(&["app", "server"], &["rs"]) {
        if path.iter().any(|part| part == "tests") {
            continue; // a list of cases may be as long as there are cases
        }
        let text = fs::read_to_string(&path).expect("text");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
    }
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for (folders, ending, openings) in [
        (&["app", "server"][..], "rs", &["//!"][..]),
        (&["style"][..], "css", &["/*"][..]),
        (&["migrations"][..], "sql", &["--"][..]),
        (&["end2end"][..], "mjs", &["//", "/*"][..]),
        (&[".make"][..], "sh", &["# "][..]),
    ] {
        for path in files(folders, &[ending]) {
            let text = fs::read_to_string(&path).expect("text");
            let first = text.lines().find(|line| !line.starts_with("#!/")).unwrap_or_default();
            assert!(openings.iter().any(|opening| first.starts_with(opening)), "{}: {first}", path.display());
        }
    }
}

#[test]
fn no_name_says_nothing() {
    for path in files(&["app", "server", "style", "end2end"], &["rs", "css", "mjs"]) {
        for part in path.strip_prefix(root()).expect("below the root").components() {
            let name = part.as_os_str().to_string_lossy();
            let stem = name.split('.').next().unwrap_or_default();
            let empty = ["util", "utils", "common", "helper", "helpers", "shared", "misc"].contains(&stem);
            assert!(!empty, "{}", path.display());
        }
    }
}
