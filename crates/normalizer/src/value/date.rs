//! Points in time: the operands of the `Date…` operators and the texts of a request compared with them.
//!
//! Rules C-15 to C-17. A text is one of two things:
//!
//! - a whole number, with or without sign: seconds since the epoch. So `20200401` is a day in 1970, and `2020` is no
//!   year;
//! - a date of the W3C profile of ISO 8601: `YYYY-MM`, `YYYY-MM-DD`, or that day with `Thh:mm`, `Thh:mm:ss` or
//!   `Thh:mm:ss.s…`, and with a zone `Z` or `±hh:mm`. What is left out is the first month, day or moment; without a
//!   zone the time is UTC. Digits of a fraction beyond the millisecond are cut, not rounded.
//!
//! Where neither documentation nor observation speaks, the date parsers of the Java platform do: `T` and `Z`
//! in either case, hours to 23, no second 60, days by the calendar, nothing before or after. No clock is read
//! here.

use chrono::NaiveDate;

use super::digit;

/// A point in time, to the millisecond.
///
/// ```
/// use bailiwick_normalizer::value::date::Timestamp;
///
/// let midnight = Timestamp::parse("2030-01-01T00:00:00Z").ok_or("no date")?;
/// assert_eq!(Timestamp::parse("1893456000"), Some(midnight));
/// assert_eq!(Timestamp::parse("2030-01-01"), Some(midnight));
/// assert!(Timestamp::parse("2030-01-01T00:00:00+01:00") < Some(midnight));
/// assert_eq!(Timestamp::parse("tomorrow"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Parses a point in time; `None` when the text is not a date.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // PERF: nearly every request carries the moment in this form: 110 instructions instead of 450.
        if let Some(moment) = Self::parse_plain(text.as_bytes()) {
            return Some(moment);
        }
        Self::parse_elsewise(text)
    }

    /// The same for a text of any form.
    #[inline(never)]
    fn parse_elsewise(text: &str) -> Option<Self> {
        match digit::integer(text) {
            Some(seconds) => seconds.checked_mul(1000).map(Self),
            None => Reader(text.as_bytes()).date_time().map(Self),
        }
    }

    /// The same for `YYYY-MM-DDThh:mm:ssZ` alone, eight bytes at a time.
    #[inline(always)]
    fn parse_plain(text: &[u8]) -> Option<Self> {
        let text: &[u8; 20] = text.try_into().ok()?;
        let day = pairs(text.first_chunk()?, b"0000-00-")?;
        let minute = pairs(text.get(8..)?.first_chunk()?, b"00T00:00")?;
        let second = pairs(text.last_chunk()?, b"0:00:00Z")?;
        let [century, _, year, _, _, month, ..] = day;
        let [day, _, _, hour, _, _, minute, _] = minute;
        let [.., second, _, _] = second;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let year = 100 * u32::from(century) + u32::from(year);
        let days = days_to(year, u32::from(month), u32::from(day))?;
        let seconds = 3_600 * i64::from(hour) + 60 * i64::from(minute) + i64::from(second);
        Some(Self(1000 * (86_400 * days + seconds)))
    }

    /// The point in time so many milliseconds after the epoch, 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch, 1970-01-01T00:00:00Z; negative before it.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

/// For every byte of a text the number that it and the next one are as digits; `None` if there is no digit
/// where the form has a `0`, or another byte where it has one. Anything but a pair of digits becomes some
/// other number.
#[inline]
fn pairs(text: &[u8; 8], form: &[u8; 8]) -> Option<[u8; 8]> {
    // A byte that is right becomes a number up to 9, or 0.
    let digits = u64::from_le_bytes(*text) ^ u64::from_le_bytes(*form);
    // Adding this reaches 16 from 10 on where a digit is, and from 1 on elsewhere.
    let room = u64::from_le_bytes(form.map(|byte| if byte == b'0' { 6 } else { 15 }));
    const HIGH: u64 = u64::from_le_bytes([0xF0; 8]);
    if digits & HIGH != 0 || (digits + room) & HIGH != 0 {
        return None;
    }
    Some((digits * 10 + (digits >> 8)).to_le_bytes())
}

/// The days from the epoch to a day, negative before it; `None` if there is no such day. Years from 0 on, as
/// the form has them.
///
/// PERF: 25 instructions, where `chrono`, which keeps more of a date, takes 65; a property holds the two
/// together.
#[inline(always)]
fn days_to(year: u32, month: u32, day: u32) -> Option<i64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > longest {
        return None;
    }
    // A year that begins in March ends with its leap day; 400 of them are always as long, and keep the
    // numbers positive.
    let (year, month) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    Some(i64::from(days) - DAYS_TO_EPOCH)
}

/// The days from the last of February of the year -400 to the epoch.
const DAYS_TO_EPOCH: i64 = 865_566;

/// What is left to read.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    /// All of the text as milliseconds since the epoch.
    fn date_time(mut self) -> Option<i64> {
        let year = self.number(4)?;
        self.expect(b'-')?;
        let month = self.number(2)?;
        // A time needs its day.
        let day = match self.accept(b'-') {
            true => self.number(2)?,
            false if self.0.is_empty() => 1,
            false => return None,
        };
        let is_whole_date = self.0.is_empty();
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        if is_whole_date {
            return Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis());
        }
        self.time(date)
    }

    fn time(&mut self, date: NaiveDate) -> Option<i64> {
        self.expect(b'T')?;
        let hour = self.number(2)?;
        self.expect(b':')?;
        let minute = self.number(2)?;
        let (mut second, mut milli) = (0, 0);
        if self.accept(b':') {
            second = self.number(2)?;
            if self.accept(b'.') {
                milli = self.fraction()?;
            }
        }
        let local = date.and_hms_milli_opt(hour, minute, second, milli)?.and_utc().timestamp_millis();
        let offset = self.zone()?;
        self.0.is_empty().then_some(local - offset * 60_000)
    }

    /// The first three digits of a fraction of one digit or more.
    fn fraction(&mut self) -> Option<u32> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length).filter(|_| length > 0)?;
        self.0 = rest;
        let places = digits.iter().map(|byte| u32::from(byte - b'0')).chain([0, 0]).take(3);
        Some(places.zip([100, 10, 1]).map(|(digit, unit)| digit * unit).sum())
    }

    /// Minutes east of Greenwich, by a zone or none.
    fn zone(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.accept(b'Z') {
            return Some(0);
        }
        let sign = if self.accept(b'-') {
            -1
        } else {
            self.expect(b'+')?;
            1
        };
        let hours = self.number(2).filter(|hours| *hours < 24)?;
        self.expect(b':')?;
        let minutes = self.number(2).filter(|minutes| *minutes < 60)?;
        Some(sign * i64::from(hours * 60 + minutes))
    }

    /// A number of exactly so many digits.
    fn number(&mut self, length: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        digits
            .iter()
            .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    }

    fn expect(&mut self, letter: u8) -> Option<()> {
        self.accept(letter).then_some(())
    }

    fn accept(&mut self, letter: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(&letter) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};
    use proptest::prelude::*;

    use super::{Timestamp, days_to};

    const MIDNIGHT: i64 = 1_893_456_000_000;

    fn millis(text: &str) -> Option<i64> {
        Timestamp::parse(text).map(Timestamp::as_millis)
    }

    #[test]
    fn texts_equal_the_first_moment_of_2030_as_observed() {
        for (text, equal) in [
            ("2030-01-01T00:00:00Z", true),
            ("2030-01-02T00:00:00Z", false),
            ("1893456000", true),
            ("+1893456000", true),
            ("2030-01-01", true),
            ("2030-01-01T00:00:00", true),
            ("2030-01-01T00:00:00.0001Z", true),
            ("not-a-date", false),
            ("", false),
        ] {
            assert_eq!(millis(text) == Some(MIDNIGHT), equal, "{text:?}");
        }
        assert_eq!(millis("2030-01-01T00:00:00.1231Z"), Some(MIDNIGHT + 123));
        assert_eq!(millis("2030-01-01T00:00:00.1239Z"), Some(MIDNIGHT + 123));
    }

    #[test]
    fn every_form_of_the_profile_is_read() {
        for (text, expected) in [
            ("2030-01", MIDNIGHT),
            ("2014-11-30T15:00Z", 1_417_359_600_000),
            ("2030-01-01T00:00", MIDNIGHT),
            ("2030-01-01t00:00:00z", MIDNIGHT),
            ("2030-01-01T02:00:00+02:00", MIDNIGHT),
            ("2029-12-31T19:30:00-04:30", MIDNIGHT),
            ("2030-01-01T23:59:00.000+23:59", MIDNIGHT),
            ("2030-01-01T00:00:00-00:00", MIDNIGHT),
            ("2030-01-01T00:00:00.5Z", MIDNIGHT + 500),
            ("2030-01-01T00:00:00.05Z", MIDNIGHT + 50),
            ("2030-01-01T00:00:00.005", MIDNIGHT + 5),
            ("2030-01-01T00:00:00.9999999999999Z", MIDNIGHT + 999),
            ("2028-02-29T23:59:59.999Z", 1_835_481_599_999),
            ("1969-12-31T23:59:59.999Z", -1),
            ("0000-01-01", -62_167_219_200_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] {
            assert_eq!(millis(text), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn whole_numbers_are_seconds_since_the_epoch() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-1", Some(-1000)),
            ("2020", Some(2_020_000)),
            ("20200401", Some(20_200_401_000)),
            ("0001893456000", Some(MIDNIGHT)),
            ("9223372036854775", Some(9_223_372_036_854_775_000)),
            ("9223372036854776", None),
            ("99999999999999999999", None),
            ("1893456000.0", None),
            ("1893456000.5", None),
            ("1.893456e9", None),
            ("1893456000Z", None),
        ] {
            assert_eq!(millis(text), expected, "{text:?}");
        }
    }

    #[test]
    fn days_are_counted_as_by_the_calendar() {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for year in 0..=9999_u32 {
            for (month, day) in (0..=13).flat_map(|month| [0, 1, 28, 29, 30, 31, 32].map(|day| (month, day)))
            {
                let date = NaiveDate::from_ymd_opt(year as i32, month, day);
                let expected = date.map(|date| date.signed_duration_since(epoch).num_days());
                assert_eq!(days_to(year, month, day), expected, "{year}-{month}-{day}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_plain_form_is_read_as_every_other(text in "[0-3][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z") {
            // A fraction makes the text another form of the same moment.
            let other = text.replace('Z', ".0Z");
            prop_assert_eq!(Timestamp::parse(&text), Timestamp::parse(&other));
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            " 2030-01-01",
            "2030-01-01 ",
            "2030-01-01T00:00:00Z ",
            "2030-01-01 00:00:00Z",
            "2030-01T00:00Z",
            "2030-01T",
            "2030-01-01T",
            "2030-01-01Z",
            "2030-01-01T00Z",
            "2030-01-01T00:0Z",
            "2030-01-01T00:00:Z",
            "2030-01-01T00:00:00.Z",
            "2030-01-01T00:00:00,5Z",
            "2030-01-01T00:00.5Z",
            "2030-01-01T24:00:00Z",
            "2030-01-01T23:60:00Z",
            "2016-12-31T23:59:60Z",
            "2030-01-01T00:00:00ZZ",
            "2030-01-01T00:00:00+0100",
            "2030-01-01T00:00:00+01",
            "2030-01-01T00:00:00+24:00",
            "2030-01-01T00:00:00+01:60",
            "2030-01-01T00:00:00UTC",
            "2030-01-01T00:00:00Z[UTC]",
            "2030-00-01",
            "2030-13-01",
            "2030-01-00",
            "2030-02-29",
            "2030-04-31",
            "2030-1-1",
            "30-01-01",
            "+2030-01-01",
            "-2030-01-01",
            "12030-01-01",
            "2030-01-",
            "2030-",
            "2030-W01-1",
            "2030-001",
            "2030/01/01",
            "20300101T000000Z",
            "Tue, 01 Jan 2030 00:00:00 GMT",
            "２０３０-01-01",
        ] {
            assert_eq!(millis(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_written_out_is_read_back(millis in -62_167_219_200_000..=253_402_300_799_999_i64) {
            let moment = DateTime::from_timestamp_millis(millis).unwrap().naive_utc();
            let text = format!("{moment:?}Z");
            prop_assert_eq!(Timestamp::parse(&text), Some(Timestamp::from_millis(millis)));
        }

        #[test]
        fn a_zone_moves_the_clock_and_not_the_moment(
            seconds in -62_000_000_000..=253_000_000_000_i64, minutes in -1439..=1439_i64,
        ) {
            let local = DateTime::from_timestamp(seconds + minutes * 60, 0).unwrap().naive_utc();
            let (sign, minutes) = if minutes < 0 { ('-', -minutes) } else { ('+', minutes) };
            let text = format!("{local:?}{sign}{:02}:{:02}", minutes / 60, minutes % 60);
            prop_assert_eq!(Timestamp::parse(&text), Timestamp::parse(&seconds.to_string()));
        }

        #[test]
        fn reading_is_total(text in "[0-9TZtz:.+-]{0,40}|\\PC{0,20}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
