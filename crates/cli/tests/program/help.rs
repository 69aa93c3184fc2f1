//! Every example of every `--help` works.

use std::process::Command;

use crate::{path_with_program, root, run};

/// The subcommands that a help text lists.
fn subcommands(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("Commands:\n").unwrap_or_default();
    let (list, _) = list.split_once("\n\n").unwrap_or_default();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

/// The commands under `Examples:` with the exit that a comment `# exit N` announces; 0 without.
fn examples(help: &str) -> Vec<(String, i32)> {
    let (_, list) = help.split_once("\nExamples:\n").expect("there are examples");
    let (list, _) = list.split_once("\n\n").unwrap_or((list, ""));
    // A backslash continues a command on the next line.
    let commands = list.replace("\\\n", "");
    let examples = commands.lines().map(|line| {
        let (command, comment) = line.split_once(" # ").unwrap_or((line, "exit 0"));
        let number = comment.split(|c: char| !c.is_ascii_digit()).find(|number| !number.is_empty());
        let exit = number.and_then(|number| number.parse().ok()).expect("the comment names an exit");
        (command.trim().to_owned(), exit)
    });
    examples.collect()
}

#[test]
fn every_example_of_every_help_ends_as_it_says() {
    let top = run(&["--help"]);
    assert_eq!((top.exit, top.stderr.as_str()), (Some(0), ""));
    let names = subcommands(&top.stdout);
    assert!(names.len() > 1, "{names:?}");
    let mut helps = vec![top.stdout];
    helps.extend(names.iter().map(|name| run(&[name, "--help"]).stdout));
    for help in helps {
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{help}");
        for (example, exit) in examples {
            let output = Command::new("sh")
                .args(["-c", &example])
                .current_dir(root())
                .env("PATH", path_with_program())
                .output()
                .expect("a shell runs");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(exit), "{example}\n{stderr}");
            assert!(!output.stdout.is_empty(), "{example}");
        }
    }
}
