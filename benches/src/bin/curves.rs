//! Draws what a decision costs as sets grow: `cargo run -p bailiwick-benches --bin curves` reads the tables of
//! `docs/PERFORMANCE.md`, which `goals` wrote there, and writes `docs/performance.svg`.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use bailiwick_benches::goals;

fn main() -> ExitCode {
    let document = goals::document();
    let text = match fs::read_to_string(&document) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{}: {error}", document.display());
            return ExitCode::FAILURE;
        }
    };
    match fs::write(document.with_file_name("performance.svg"), draw(&curves(&text))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("docs/performance.svg: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What an engine needs for a decision, in nanoseconds, by the number of statements.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    /// The engine and the workload.
    name: String,
    points: Vec<(f64, f64)>,
}

/// The curves in the tables of a document: rows such as `| W3 at 1,000, … | 30 ns | …` with a column for each engine,
/// and, for larger sets, rows such as `| 100,000 | 30 ns | …` below a heading that names the workload.
fn curves(text: &str) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    let mut add = |name: String, point: (f64, f64)| match curves.iter_mut().find(|curve| curve.name == name) {
        Some(curve) if curve.points.iter().all(|(size, _)| *size < point.0) => curve.points.push(point),
        Some(_) => {}
        None => curves.push(Curve { name, points: vec![point] }),
    };
    let mut heads: Vec<&str> = Vec::new();
    for line in text.lines() {
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) else {
            heads.clear();
            continue;
        };
        let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
        if heads.is_empty() {
            heads = cells;
            continue;
        }
        let (Some(head), Some(first)) = (heads.first(), cells.first()) else { continue };
        let grown =
            first.split_once(" at ").and_then(|(name, rest)| Some((name, rest.split_once(", mean")?.0)));
        let large = head.split_once('(').map(|(_, name)| (name.trim_end_matches(')'), *first));
        let (Some((workload, size)), engines) = (match (grown, large) {
            (Some(_), _) => (grown, heads.len()),
            // Further columns of these are no engines.
            (None, large) => (large, 2),
        }) else {
            continue;
        };
        let Ok(size) = size.replace(',', "").parse::<f64>() else { continue };
        for (engine, cell) in heads.iter().zip(&cells).take(engines).skip(1) {
            if let Some(time) = nanoseconds(cell) {
                add(format!("{engine}, {workload}"), (size, time));
            }
        }
    }
    curves.retain(|curve| curve.points.len() > 1);
    curves
}

/// `3.49 ms (41 ×)` as nanoseconds.
fn nanoseconds(cell: &str) -> Option<f64> {
    let mut words = cell.split(' ');
    let figure: f64 = words.next()?.parse().ok()?;
    let unit = match words.next()? {
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => return None,
    };
    Some(figure * unit)
}

/// The area of the plot: left, top, right, bottom.
const AREA: (f64, f64, f64, f64) = (70.0, 20.0, 590.0, 380.0);

/// The powers of ten that the axes reach over: statements, nanoseconds.
const STATEMENTS: (i32, i32) = (1, 6);
const NANOSECONDS: (i32, i32) = (1, 9);

/// Colours that stand out from white and from black.
const COLOURS: [&str; 6] = ["#0b7fd3", "#d3540b", "#2e9d5b", "#a04fd0", "#c23a6b", "#8a7a1c"];

fn draw(curves: &[Curve]) -> String {
    let (left, top, right, bottom) = AREA;
    let x = |statements: f64| along((left, right), STATEMENTS, statements);
    let y = |time: f64| along((bottom, top), NANOSECONDS, time);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 430\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>Time of a decision by the number of statements</title>\n\
         <style>text { fill: #333 } .grid { stroke: #8884; stroke-width: 1 } .curve { fill: none; stroke-width: 2.5 }\n\
         @media (prefers-color-scheme: dark) { text { fill: #ddd } }</style>\n",
    );
    for power in STATEMENTS.0..=STATEMENTS.1 {
        let at = x(10_f64.powi(power));
        let label =
            ["1", "10", "100", "1,000", "10,000", "100,000", "1,000,000"].get(power as usize).unwrap_or(&"");
        _ = writeln!(svg, "<path class=\"grid\" d=\"M{at:.1} {top}V{bottom}\"/>");
        _ = writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            bottom + 18.0
        );
    }
    for power in NANOSECONDS.0..=NANOSECONDS.1 {
        let at = y(10_f64.powi(power));
        let unit = ["ns", "µs", "ms", "s"].get(power as usize / 3).unwrap_or(&"");
        let label = format!("{} {unit}", 10_i32.pow(power as u32 % 3));
        _ = writeln!(svg, "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>");
        _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 8.0,
            at + 4.0
        );
    }
    _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">statements</text>",
        (left + right) / 2.0,
        bottom + 40.0
    );
    let mut label_at: Vec<f64> = Vec::new();
    for (curve, colour) in curves.iter().zip(COLOURS.iter().cycle()) {
        let path: Vec<String> =
            curve.points.iter().map(|(size, time)| format!("{:.1} {:.1}", x(*size), y(*time))).collect();
        let dashes = if curve.name.ends_with("W3S") { " stroke-dasharray=\"7 4\"" } else { "" };
        _ = writeln!(svg, "<path class=\"curve\" stroke=\"{colour}\"{dashes} d=\"M{}\"/>", path.join("L"));
        let Some((size, time)) = curve.points.last() else { continue };
        // Labels keep a line's distance from those that are there.
        let mut at = y(*time) + 4.0;
        while label_at.iter().any(|other| (other - at).abs() < 15.0) {
            at -= 1.0;
        }
        label_at.push(at);
        _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{at:.1}\" style=\"fill: {colour}\">{}</text>",
            x(*size) + 8.0,
            curve.name
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where a figure lies along a logarithmic axis.
fn along((from, to): (f64, f64), (least, greatest): (i32, i32), figure: f64) -> f64 {
    from + (to - from) * (figure.log10() - f64::from(least)) / f64::from(greatest - least)
}

#[cfg(test)]
mod tests {
    use super::{Curve, curves, draw, goals};

    #[test]
    fn each_engine_of_each_workload_is_a_curve() {
        let text = "| one decision | bailiwick | goal | met | model |\n| --- | ---: | --- | --- | ---: |\n\
            | W3 at 10, mean of 17 requests | 12.0 ns |  |  | 1.50 µs (125 ×) |\n\
            | W3 at 1,000, mean of 17 requests | 13.0 ns | ≤ 60 ns | yes | 2.00 ms (9 ×) |\n\n\
            | sets told apart by service (W3) | bailiwick | memory |\n| --- | ---: | ---: |\n| 100,000 | 14.0 ns | 4 B |\n";
        let curve =
            |name: &str, points: &[(f64, f64)]| Curve { name: name.to_owned(), points: points.to_vec() };
        let ours = curve("bailiwick, W3", &[(10.0, 12.0), (1_000.0, 13.0), (100_000.0, 14.0)]);
        assert_eq!(curves(text), [ours, curve("model, W3", &[(10.0, 1_500.0), (1_000.0, 2e6)])]);
    }

    #[test]
    fn the_figure_is_drawn_from_the_tables_as_they_are() {
        let read = |path| std::fs::read_to_string(path).unwrap();
        let document = goals::document();
        let drawn = draw(&curves(&read(document.clone())));
        assert_eq!(
            drawn,
            read(document.with_file_name("performance.svg")),
            "cargo run -p bailiwick-benches --bin curves"
        );
    }
}
