//! No circle of modules: a file of a crate does not depend on a file that depends on it.
//!
//! An edge is a path that begins with `crate`, `super` or `self`, or with a child module, and leads to
//! another file; a re-exported name leads to the file that defines it. Test modules are left out. A parent
//! that declares a child and re-exports its items has no edge to it. A child that takes items from its
//! parent's file makes a circle with it: the parent calls the methods that the child implements, which no
//! path shows.
//!
//! `tests/circles` has a file for each package with the circles that there still are, one a line, `#` before
//! reasons. A circle that is not within one of those lines fails, and so does a line without a circle: delete
//! it. `UPDATE=1` writes the circles that became smaller; it adds none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use bailiwick_tests::expected;

use crate::tidy::root;

/// A file of a crate as its module's path: `["index", "build"]`; the crate's root is empty.
type Module = Vec<String>;

/// The files of a crate and what they depend on.
#[derive(Default)]
struct Crate {
    /// The text of each file, without comments and test modules.
    texts: BTreeMap<Module, String>,
    /// What the `use` declarations of a file bring into it: the name, and the path from the crate's root.
    imports: BTreeMap<Module, BTreeMap<String, Module>>,
}

impl Crate {
    fn read(source: &Path) -> Self {
        let mut files = Vec::new();
        collect(source, &mut Vec::new(), &mut files);
        let mut of = Self::default();
        let mut tests = BTreeSet::new();
        for (module, text) in &files {
            for name in test_modules(text) {
                tests.insert([module.as_slice(), &[name]].concat());
            }
        }
        for (module, text) in files {
            if !(0..=module.len()).any(|end| tests.contains(&module[..end])) {
                of.texts.insert(module, without_tests(&without_comments(&text)));
            }
        }
        for (module, text) in &of.texts {
            let mut names = BTreeMap::new();
            for (_, path) in uses(text) {
                let (path, name) = match path.split_once(" as ") {
                    Some((path, name)) => (path, name.to_owned()),
                    None => (path.as_str(), path.rsplit("::").next().unwrap_or_default().to_owned()),
                };
                if let Some(target) = of.absolute(module, path) {
                    names.insert(name, target);
                }
            }
            of.imports.insert(module.clone(), names);
        }
        of
    }

    /// A path as one from the crate's root; `None` when it leads to another crate.
    fn absolute(&self, from: &Module, path: &str) -> Option<Module> {
        let mut segments = path.split("::").map(str::trim);
        let mut at = from.clone();
        let first = segments.next()?;
        match first {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            name => {
                at.push(name.to_owned());
                if !self.texts.contains_key(&at) {
                    return None;
                }
            }
        }
        for segment in segments {
            match segment {
                "self" => {}
                "super" => drop(at.pop()),
                name => at.push(name.to_owned()),
            }
        }
        Some(at)
    }

    /// The file that defines what a path from the root leads to, over all re-exports on the way.
    fn definer(&self, path: &[String], depth: usize) -> Option<Module> {
        let end = (0..=path.len()).rev().find(|&end| self.texts.contains_key(&path[..end]))?;
        let file = path[..end].to_vec();
        let Some(item) = path.get(end) else { return Some(file) };
        match self.imports.get(&file).and_then(|imports| imports.get(item)) {
            Some(target) if depth < 8 && *target != path[..=end] => self.definer(target, depth + 1),
            _ => Some(file),
        }
    }

    /// What each file depends on.
    fn edges(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let mut edges: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
        for (module, text) in &self.texts {
            let declared = uses(text);
            let private = declared.iter().filter(|(is_public, _)| !is_public);
            let inline = inline_paths(text);
            for path in private.map(|(_, path)| path).chain(&inline) {
                let path = path.split(" as ").next().unwrap_or_default();
                if let Some(target) = self.absolute(module, path)
                    && let Some(file) = self.definer(&target, 0)
                    && file != *module
                {
                    edges.entry(module).or_default().insert(file);
                }
            }
        }
        // A child that takes items from its parent is called by it.
        for module in self.texts.keys().filter(|module| !module.is_empty()) {
            let parent = module[..module.len() - 1].to_vec();
            if edges.get(module).is_some_and(|targets| targets.contains(&parent))
                && let Some((parent, _)) = self.texts.get_key_value(&parent)
            {
                edges.entry(parent).or_default().insert(module.clone());
            }
        }
        edges
    }

    /// The circles: the largest sets of files each of which depends on each other one.
    fn circles(&self) -> BTreeSet<BTreeSet<String>> {
        let edges = self.edges();
        let reached = |from: &Module| {
            let mut seen = BTreeSet::new();
            let mut next: Vec<&Module> = edges.get(from).into_iter().flatten().collect();
            while let Some(module) = next.pop() {
                if seen.insert(module.clone()) {
                    next.extend(edges.get(module).into_iter().flatten());
                }
            }
            seen
        };
        let reached: BTreeMap<&Module, _> =
            self.texts.keys().map(|module| (module, reached(module))).collect();
        let mut circles = BTreeSet::new();
        for (module, from) in reached.iter().filter(|(module, from)| from.contains(**module)) {
            let circle = from.iter().filter(|other| reached[other].contains(*module));
            circles.insert(circle.map(name).collect());
        }
        circles
    }
}

/// A module as it is written in the lists.
fn name(module: &Module) -> String {
    if module.is_empty() { "root".to_owned() } else { module.join("/") }
}

/// The files below a folder, as modules.
fn collect(folder: &Path, at: &mut Module, files: &mut Vec<(Module, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            at.push(stem);
            collect(&path, at, files);
            at.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut module = at.clone();
            if !["lib", "main", "mod"].contains(&stem.as_str()) {
                module.push(stem);
            }
            files.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The modules that a file declares for tests alone.
fn test_modules(text: &str) -> Vec<String> {
    let declared = text.split("#[cfg(test)]").skip(1).filter_map(|after| {
        let (line, _) = after.trim_start().split_once('\n')?;
        line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';')
    });
    declared.map(str::to_owned).collect()
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// A file without the test modules that are written in it: from the attribute to the brace at the line's
/// beginning.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\n#[cfg(test)]\n") {
        kept.push_str(before);
        kept.push('\n');
        let is_module = after.lines().find(|line| !line.starts_with('#')).is_some_and(|line| {
            line.trim_start_matches("pub(crate) ").starts_with("mod ") && line.ends_with('{')
        });
        // Of another item, its first line, which is where an import ends.
        let end = if is_module { "\n}" } else { "\n" };
        rest = after.split_once(end).map_or("", |(_, rest)| rest);
    }
    kept + rest
}

/// The `use` declarations: whether one re-exports, and each path of its tree.
fn uses(text: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("use ") {
        let line = rest[..at].rsplit('\n').next().unwrap_or_default().trim();
        let Some((tree, after)) = rest[at + 4..].split_once(';') else { break };
        if line.is_empty() || (line.starts_with("pub") && !line.contains('"')) {
            let mut paths = Vec::new();
            expand("", &tree.split_whitespace().collect::<Vec<_>>().join(" "), &mut paths);
            found.extend(paths.into_iter().map(|path| (!line.is_empty(), path)));
            rest = after;
        } else {
            rest = &rest[at + 4..];
        }
    }
    found
}

/// The paths of a tree of imports.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((head, body)) = tree.split_once('{') else {
        return paths.push(format!("{prefix}{}", tree.trim()));
    };
    let prefix = format!("{prefix}{}", head.trim());
    let body = body.rsplit_once('}').map_or(body, |(body, _)| body);
    let mut depth = 0;
    let mut start = 0;
    for (at, character) in body.char_indices().chain([(body.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !body[start..at].trim().is_empty() {
                    expand(&prefix, &body[start..at], paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The paths outside of `use` declarations that have more than one segment.
fn inline_paths(text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let code = text.lines().filter(|line| {
        let line = line.trim_start();
        let is_use = line.starts_with("use ") || (line.starts_with("pub") && line.contains(" use "));
        !is_use && !line.starts_with('"')
    });
    let words = code.flat_map(|line| line.split(|c| !is_path(c)));
    words.filter(|word| word.contains("::")).map(|word| word.trim_end_matches(':').to_owned()).collect()
}

#[test]
fn no_modules_depend_on_each_other_but_the_known_ones() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let package = entry.unwrap().path();
        let name = package.file_name().unwrap().to_str().unwrap().to_owned();
        let circles = Crate::read(&package.join("src")).circles();
        let file = root().join("tests/circles").join(&name).with_extension("txt");
        let list = fs::read_to_string(&file).unwrap_or_default();
        let mut kept = String::new();
        let mut known: Vec<BTreeSet<String>> = Vec::new();
        for line in list.lines() {
            if line.starts_with('#') || line.is_empty() {
                kept.push_str(&format!("{line}\n"));
                continue;
            }
            let line: BTreeSet<String> = line.split(' ').map(str::to_owned).collect();
            let within: Vec<_> = circles.iter().filter(|circle| circle.is_subset(&line)).collect();
            if within.is_empty() {
                wrong.push(format!("{name}: there is no circle any more within {line:?}: delete the line"));
            }
            for circle in within {
                kept.push_str(&format!("{}\n", circle.iter().cloned().collect::<Vec<_>>().join(" ")));
            }
            known.push(line);
        }
        for circle in circles {
            if !known.iter().any(|line| circle.is_subset(line)) {
                wrong.push(format!("{name}: a new circle {circle:?}"));
            }
        }
        if expected::is_renewed() && kept != list {
            fs::write(&file, kept).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn circles_are_found() {
    let parsed = |files: &[(&str, &str)]| {
        let folder = root().join("target/circles").join(files.len().to_string());
        drop(fs::remove_dir_all(&folder));
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let circles = Crate::read(&folder).circles();
        circles.into_iter().map(|circle| circle.into_iter().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    // Two files, over a re-export at the root and a path in the code.
    assert_eq!(
        parsed(&[
            ("lib.rs", "mod a;\nmod b;\npub use self::b::{B, C as D};\n"),
            ("a.rs", "use crate::{D};\npub fn f() {}\n"),
            ("b.rs", "pub struct C;\nfn g() { crate::a::f() }\n"),
        ]),
        ["a b"]
    );
    // A child that takes from its parent; one that takes from its sibling, and test modules, make none.
    assert_eq!(
        parsed(&[
            ("lib.rs", "mod a;\n#[cfg(test)]\nmod tests;\n"),
            ("tests.rs", "use crate::a::A;\n"),
            ("a.rs", "mod b;\nmod c;\npub struct A;\n\n#[cfg(test)]\nmod tests {\n    use super::c::C;\n}\n"),
            ("a/b.rs", "use super::A;\n"),
            ("a/c.rs", "use super::b::B;\n// use super::A;\n"),
        ]),
        ["a a/b"]
    );
}
