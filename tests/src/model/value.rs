//! What the texts of condition values mean (sections 3.3 to 3.8 and the observations): numbers, dates, booleans,
//! base64, addresses, letter case. Each reader answers `None` for a text that means nothing to its operator.

use std::cmp::Ordering;

/// Observed: the number syntax of the JVM's BigDecimal (`01`, `+1`, `1.`, `.5`, `1e0`), compared as decimals of
/// any size.
#[derive(PartialEq, Eq)]
pub struct Number {
    negative: bool,
    /// Without leading or trailing zeros; empty is zero.
    digits: String,
    /// The value is 0.DIGITS × 10^exponent.
    exponent: i64,
}

/// C-12, C-14.
pub fn number(text: &str) -> Option<Number> {
    let (negative, unsigned) = sign(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, integer(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // The scale, which is what the JVM keeps, has 32 bits.
    i32::try_from(i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?).ok()?;
    let all = format!("{whole}{fraction}");
    if !is_digits(&all) {
        return None;
    }
    let significant = all.trim_start_matches('0');
    let digits = significant.trim_end_matches('0').to_owned();
    let leading = all.len() - significant.len();
    let exponent = if digits.is_empty() { 0 } else { exponent + whole.len() as i64 - leading as i64 };
    Some(Number { negative: negative && !digits.is_empty(), digits, exponent })
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |n: &Number| (!n.digits.is_empty(), n.exponent, n.digits.clone());
        match (self.negative, other.negative) {
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// C-15, C-16, C-17 and the observations: milliseconds since 1970, UTC. Digits alone are epoch seconds; a date
/// may lack its day, its time or its zone; digits of the second beyond the millisecond are cut.
pub fn date(text: &str) -> Option<i128> {
    if is_digits(sign(text).1) {
        return Some(i128::from(integer(text)?) * 1000);
    }
    let text: &str = &text.to_ascii_uppercase();
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut fields = day.split('-');
    let year = digits(fields.next()?, 4)?;
    let month = digits(fields.next()?, 2).filter(|month| (1..=12).contains(month))?;
    let day = match (fields.next(), time) {
        (Some(day), _) => digits(day, 2)?,
        (None, None) => 1,
        (None, Some(_)) => return None,
    };
    let is_leap =
        |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if fields.next().is_some() || !(1..=lengths[month as usize - 1]).contains(&day) {
        return None;
    }
    let years: i128 = (0..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let months: i128 = lengths[..month as usize - 1].iter().copied().map(i128::from).sum();
    let days = years + months + i128::from(day) - 1 - 719_528;
    Some(days * 86_400_000 + time.map_or(Some(0), time_of_day)?)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, then `Z`, `+hh:mm`, `-hh:mm` or nothing; in milliseconds, UTC.
fn time_of_day(text: &str) -> Option<i128> {
    let minutes = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute) = (digits(hour, 2)?, digits(minute, 2)?);
        (hour < 24 && minute < 60).then_some(i128::from(hour * 60 + minute) * 60_000)
    };
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) if &text[at..] == "Z" => (&text[..at], 0),
        Some(at) if text[at..].starts_with('Z') => return None,
        Some(at) => {
            (&text[..at], minutes(&text[at + 1..])? * if text[at..].starts_with('+') { 1 } else { -1 })
        }
        None => (text, 0),
    };
    let (clock, second) = match clock.match_indices(':').nth(1) {
        Some((at, _)) => (&clock[..at], &clock[at + 1..]),
        None => (clock, "00"),
    };
    let (second, fraction) = match second.split_once('.') {
        Some((second, fraction)) if is_digits(fraction) => (second, fraction),
        Some(_) => return None,
        None => (second, "0"),
    };
    let second = digits(second, 2).filter(|second| *second < 60)?;
    let millisecond = digits(&format!("{fraction:0<3}")[..3], 3)?;
    Some(minutes(clock)? + i128::from(second * 1000 + millisecond) - offset)
}

/// C-19, observed: `true` in any case, untrimmed; every other text is false.
pub fn boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

/// C-20, observed: strict base64, padded and canonical. Two texts that pass are equal when their bytes are.
pub fn is_base64(text: &str) -> bool {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let data = text.trim_end_matches('=');
    let last = data.chars().last().and_then(|last| ALPHABET.find(last)).unwrap_or(0);
    let canonical = match text.len() - data.len() {
        0 => true,
        1 => last.is_multiple_of(4),
        2 => last.is_multiple_of(16),
        _ => false,
    };
    text.len().is_multiple_of(4) && data.chars().all(|c| ALPHABET.contains(c)) && canonical
}

/// An address or range: family, bits, length of the prefix.
#[derive(Clone, Copy, PartialEq)]
pub struct Range {
    v6: bool,
    bits: u128,
    prefix: u32,
}

impl Range {
    /// C-21: same family and the same leading bits.
    pub fn contains(self, address: Self) -> bool {
        let width = if self.v6 { 128 } else { 32 };
        let cut = |bits: u128| bits.checked_shr(width - self.prefix).unwrap_or(0);
        self.v6 == address.v6 && cut(self.bits) == cut(address.bits)
    }
}

/// Observations 6 to 8: an address of a request; IPv4 mapped into IPv6 is IPv4, with a dotted tail or without.
pub fn address(text: &str) -> Option<Range> {
    if let Some(bits) = ipv4(text) {
        return Some(Range { v6: false, bits, prefix: 32 });
    }
    let dotted = text.rsplit_once(':').and_then(|(head, tail)| Some((head, ipv4(tail)?)));
    let bits = match dotted {
        Some((head, tail)) => ipv6(&format!("{head}:{:x}:{:x}", tail >> 16, tail & 0xffff))?,
        None => ipv6(text)?,
    };
    let mapped = bits >> 32 == 0xffff;
    match (mapped, dotted) {
        (true, _) => Some(Range { v6: false, bits: bits & 0xffff_ffff, prefix: 32 }),
        (false, None) => Some(Range { v6: true, bits, prefix: 128 }),
        (false, Some(_)) => None,
    }
}

/// C-21, observations 5 and 6: a range of a policy. No prefix is the single address; leading zeros and `/+24`
/// are fine; host bits are fine in IPv4 and match nothing in IPv6; a dotted tail is not an address here.
pub fn range(text: &str) -> Option<Range> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let prefix = |width: u32| match prefix {
        None => Some(width),
        Some(text) => integer(text).and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= width),
    };
    if let Some(bits) = ipv4(address) {
        return Some(Range { v6: false, bits, prefix: prefix(32)? });
    }
    let range = Range { v6: true, bits: ipv6(address)?, prefix: prefix(128)? };
    let host_bits = range.bits.checked_shl(range.prefix).unwrap_or(0);
    (host_bits == 0).then_some(range)
}

fn ipv4(text: &str) -> Option<u128> {
    let octets: Vec<&str> = text.split('.').collect();
    let octet = |text: &&str| (is_digits(text) && text.len() <= 3).then(|| text.parse::<u8>().ok())?;
    let octets: Option<Vec<u8>> = octets.iter().map(octet).collect();
    let octets: [u8; 4] = octets?.try_into().ok()?;
    Some(u32::from_be_bytes(octets).into())
}

/// Observation 7: the text is cut at the first `::`, each side at its colons; what ends in single colons loses
/// them, a single colon in front stands for a zero group. A second `::` is refused.
fn ipv6(text: &str) -> Option<u128> {
    let groups = |side: &str| -> Option<Vec<u16>> {
        let side = side.trim_end_matches(':');
        let group = |text: &str| match text {
            "" => Some(0),
            text if text.len() <= 4 => u16::from_str_radix(text, 16).ok().filter(|_| !text.starts_with('+')),
            _ => None,
        };
        if side.is_empty() { Some(vec![]) } else { side.split(':').map(group).collect() }
    };
    let groups: Vec<u16> = match text.split_once("::") {
        Some((_, tail)) if tail.contains("::") => return None,
        Some((head, tail)) => {
            let (head, tail) = (groups(head)?, groups(tail)?);
            let zeros = 8usize.checked_sub(head.len() + tail.len()).filter(|zeros| *zeros > 0)?;
            [head, vec![0; zeros], tail].concat()
        }
        None => groups(text)?,
    };
    (groups.len() == 8).then(|| groups.iter().fold(0, |bits, group| bits << 16 | u128::from(*group)))
}

/// C-9, observation 12: lower-casing as the JVM has it, except that letters beyond U+FFFF stay as they are. `İ`
/// becomes two characters; a sigma is final behind a cased letter, and before none, of the same word.
pub fn fold(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let is_cased = |c: char| c.is_lowercase() || c.is_uppercase();
    let is_final = |at: usize| {
        let start = (0..=at).rev().find(|at| *at == 0 || is_boundary(&text, *at)).unwrap_or(at);
        let end = (at + 1..=text.len()).find(|at| is_boundary(&text, *at)).unwrap_or(at);
        text[start..at].iter().copied().any(is_cased) && !text[at + 1..end].iter().copied().any(is_cased)
    };
    let fold = |(at, c): (usize, &char)| match *c {
        'Σ' if is_final(at) => "ς".to_owned(),
        c if c > '\u{ffff}' => c.to_string(),
        c => c.to_lowercase().collect(),
    };
    text.iter().enumerate().map(fold).collect()
}

/// Whether a word of the JVM ends or starts at a place. A word is letters with their marks and digits, with single
/// punctuation between two letters or between two digits. (Scripts that the JVM divides otherwise are left out.)
fn is_boundary(text: &[char], at: usize) -> bool {
    let is_mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    let is_letter = |c: &char| c.is_alphabetic() && !c.is_numeric() || is_mark(c);
    let character = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(' ');
    let holds = |before: char, between: char, after: char| {
        (is_letter(&before) && is_letter(&after) && !is_mark(&after) && "-_.'\"".contains(between))
            || (before.is_numeric() && after.is_numeric() && ",.'\"".contains(between))
    };
    let [back, before, after, ahead] =
        [at.checked_sub(2), at.checked_sub(1), Some(at), at.checked_add(1)].map(character);
    let in_word = |c: &char| is_letter(c) || c.is_numeric();
    !(in_word(&before) && in_word(&after) || holds(before, after, ahead) || holds(back, before, after))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The JVM's integers: digits behind one optional sign.
fn integer(text: &str) -> Option<i64> {
    is_digits(sign(text).1).then(|| text.parse().ok())?
}

/// Exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && is_digits(text)).then(|| text.parse().ok())?
}
