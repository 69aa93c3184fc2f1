//! The screens of `docs/PROGRAM.md` are what the program prints. `UPDATE=1` writes them anew.

use std::fs;
use std::process::{Command, Stdio};

use crate::{assert_in_file, path_with_program, root};

/// What a command prints on both outputs, as on a terminal.
fn screen(command: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(root())
        .env("PATH", path_with_program())
        .stdin(Stdio::null())
        .output()
        .expect("a shell runs");
    String::from_utf8(output.stdout).expect("the screen is UTF-8")
}

/// A block of commands with what they print now.
fn run_again(block: &str) -> String {
    let mut text = String::new();
    let mut lines = block.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else { continue };
        let mut command = first.to_owned();
        text.push_str(line);
        text.push('\n');
        // A backslash continues a command on the next line.
        while command.ends_with('\\')
            && let Some(more) = lines.next()
        {
            command = format!("{}\n{more}", command.trim_end_matches('\\').trim_end().to_owned() + " \\");
            text.push_str(more);
            text.push('\n');
        }
        text.push_str(&screen(&command));
    }
    text
}

#[test]
fn every_screen_is_what_the_program_prints() {
    let path = root().join("docs/PROGRAM.md");
    let document = fs::read_to_string(&path).expect("the document is there");
    let mut now = String::new();
    let mut screens = 0;
    for (at, part) in document.split("```").enumerate() {
        if at > 0 {
            now.push_str("```");
        }
        match part.strip_prefix("console\n") {
            Some(block) if at % 2 == 1 => {
                screens += 1;
                now.push_str("console\n");
                now.push_str(&run_again(block));
            }
            _ => now.push_str(part),
        }
    }
    assert!(screens > 5, "the screens are found");
    assert_in_file(&path, &now);
}
