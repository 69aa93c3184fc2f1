//! `bailiwick check --explain CODE`: the long text of a check.

use bailiwick_source::nearest;
use bailiwick_validator::{CHECKS, Check, Kind, Origin};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::terminal::Terminal;

pub(crate) fn run(code: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(check) = bailiwick_validator::explain(code) else {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.code).collect();
        let help = nearest(&code.to_ascii_uppercase(), &known).map_or_else(
            || "docs/CHECKS.md lists all codes".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(Failure::usage(format!("there is no check `{code}`"), help));
    };
    terminal.show(&text(check, terminal)).map(|()| Exit::Yes)
}

fn text(check: &Check, terminal: &Terminal) -> Screen {
    let mut screen = terminal.screen();
    let whose = match check.origin {
        Origin::Aws => "a code of AWS's policy validation",
        Origin::Own => "a code of bailiwick's own",
    };
    let kinds: Vec<_> = check.kinds.iter().map(Kind::option_name).collect();
    let heading = screen.styles.heading;
    screen.styled(heading, check.code).line(format!("  {}, {whose}", check.severity));
    screen.line("");
    screen.line(check.reason);
    screen.line("");
    for line in wrapped(check.explanation, terminal.width) {
        screen.line(line);
    }
    screen.heading("kinds");
    for line in wrapped(&kinds.join(", "), terminal.width.saturating_sub(2)) {
        screen.line(format!("  {line}"));
    }
    let kind = check.example.kind;
    for (title, example) in [("reported", check.example.found), ("not reported", check.example.clean)] {
        screen.line("");
        screen
            .styled(heading, format!("{title}, for example"))
            .line(format!(" (--kind {})", kind.option_name()));
        for line in indented(example).lines() {
            screen.line(format!("  {line}"));
        }
    }
    screen
}

/// Wraps a text at `width` characters; a longer word has a line of its own.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + word_length <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + word_length;
            }
            _ => {
                lines.push(word.to_owned());
                length = word_length;
            }
        }
    }
    lines
}

/// JSON over several lines, with its members in their order. Other text gets line breaks too.
fn indented(json: &str) -> String {
    let mut text = String::new();
    let mut depth = 0usize;
    let (mut in_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        if in_string {
            text.push(character);
            in_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
            continue;
        }
        let line = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        };
        match character {
            '{' | '[' => {
                text.push(character);
                depth += 1;
                line(&mut text, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push(character);
            }
            ',' => {
                text.push(character);
                line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            ' ' | '\n' => {}
            _ => {
                in_string = character == '"';
                text.push(character);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_may_be() {
        assert_eq!(wrapped("aa bb  cc d", 5), ["aa bb", "cc d"]);
        assert_eq!(wrapped("longer than", 3), ["longer", "than"]);
        assert_eq!(wrapped("", 3), [""; 0]);
    }

    #[test]
    fn json_keeps_its_order_and_its_strings() {
        let text = r#"{"b":[1, "a,{\"b"],"a":"x: y"}"#;
        let expected = "{\n  \"b\": [\n    1,\n    \"a,{\\\"b\"\n  ],\n  \"a\": \"x: y\"\n}";
        assert_eq!(indented(text), expected);
    }
}
