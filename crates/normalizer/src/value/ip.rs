//! IP addresses and ranges: the operands of `IpAddress` and `NotIpAddress` and the texts of a request.
//!
//! Rule C-21, as live AWS reads the texts:
//!
//! - In IPv4 the four parts are up to three decimal digits, leading zeros or not; no octal and no shorter form.
//! - In IPv6 the text is cut at its first `::`, and there may be no second one after it. Both sides are cut at single
//!   colons; an empty group is zero and an empty last group is no group. So `2001:db8:::1` and `2001:db8::1:` are
//!   `2001:db8::1`, `:::` is `::`, and `:2001:db8::1` is `0:2001:db8::1`.
//! - A dotted tail is read in a request only, and only after the prefix of the IPv4-mapped addresses. An IPv4-mapped
//!   address of a request is the IPv4 address, however it is spelled. A range of such addresses stays one of IPv6, so
//!   it contains none of them.
//! - The length of a prefix is a whole number with or without sign: `/024` and `/+24` are `/24`. Without one the
//!   range is the one address. Host bits do not matter in IPv4; in IPv6 a range with host bits set is no range.
//!
//! Zones, brackets and blanks have no place. Whether a text that is no range decides anything is not known
//! here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::digit;

/// A range of addresses: an operand of `IpAddress` or `NotIpAddress`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IpRange(IpNet);

impl IpRange {
    /// Parses the range in a policy; `None` when the text is not a range. Live AWS lets such a text
    /// equal no address: `NotIpAddress` still matches, and the other values of the list still count.
    ///
    /// ```
    /// use bailiwick_normalizer::value::ip::IpRange;
    ///
    /// let range = IpRange::parse("203.0.113.77/24").ok_or("no range")?;
    /// assert!(range.contains("203.0.113.1".parse()?));
    /// assert_eq!(IpRange::parse("203.0.113.0/33"), None);
    /// assert_eq!(IpRange::parse("2001:db8::5/64"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(u8::try_from(digit::integer(length)?).ok()?)),
            None => (text, None),
        };
        let range = if address.contains(':') {
            let range = Ipv6Net::new(parse_v6(address, None)?, length.unwrap_or(128)).ok()?;
            if range.addr() != range.network() {
                return None;
            }
            IpNet::V6(range)
        } else {
            IpNet::V4(Ipv4Net::new(parse_v4(address)?, length.unwrap_or(32)).ok()?.trunc())
        };
        Some(Self(range))
    }

    /// Whether the range contains an address. A range of one family contains no address of the other.
    #[inline]
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// The range in the type of the `ipnet` crate, without host bits.
    #[must_use]
    pub fn network(&self) -> IpNet {
        self.0
    }
}

/// Parses the address in a request; `None` when the text is not one, as a range is not. Live AWS
/// lets neither `IpAddress` nor `NotIpAddress` match such a text.
///
/// ```
/// use bailiwick_normalizer::value::ip::parse_address;
///
/// assert_eq!(parse_address("192.000.002.1"), Some("192.0.2.1".parse()?));
/// assert_eq!(parse_address("::ffff:192.0.2.1"), Some("192.0.2.1".parse()?));
/// assert_eq!(parse_address("192.0.2.1/32"), None);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn parse_address(text: &str) -> Option<IpAddr> {
    if let Some(address) = parse_v4(text) {
        return Some(IpAddr::V4(address));
    }
    if !text.contains('.') {
        let address = parse_v6(text, None)?;
        return Some(address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4));
    }
    let (head, tail) = text.split_at_checked(text.rfind(':')? + 1)?;
    parse_v6(head, Some(parse_v4(tail)?))?.to_ipv4_mapped().map(IpAddr::V4)
}

/// Four parts of one to three digits.
fn parse_v4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut bytes = text.bytes();
    for (place, octet) in octets.iter_mut().enumerate() {
        let (mut value, mut digits) = (0, 0);
        loop {
            match bytes.next() {
                Some(digit @ b'0'..=b'9') if digits < 3 => {
                    value = value * 10 + u16::from(digit - b'0');
                    digits += 1;
                }
                Some(b'.') if digits > 0 && place < 3 => break,
                None if digits > 0 && place == 3 => break,
                _ => return None,
            }
        }
        *octet = u8::try_from(value).ok()?;
    }
    Some(Ipv4Addr::from(octets))
}

/// The address of the groups in a text, followed by those of a dotted tail.
fn parse_v6(text: &str, tail: Option<Ipv4Addr>) -> Option<Ipv6Addr> {
    let (before, after, elided) = match split_at_elision(text) {
        Some((_, after)) if split_at_elision(after).is_some() => return None,
        Some((before, after)) => (before, after, true),
        None => ("", text, false),
    };
    let (first, mut last) = (Groups::parse(before)?, Groups::parse(after)?);
    if let Some(tail) = tail {
        let [a, b, c, d] = tail.octets();
        last.push(u16::from_be_bytes([a, b]))?;
        last.push(u16::from_be_bytes([c, d]))?;
    }
    // `::` replaces at least one group.
    if if elided { first.count + last.count > 7 } else { last.count != 8 } {
        return None;
    }
    let mut groups = first.groups;
    for (place, group) in groups.iter_mut().skip(8 - last.count).zip(last.groups) {
        *place = group;
    }
    Some(Ipv6Addr::from(groups))
}

/// The parts before and after the first `::`.
fn split_at_elision(text: &str) -> Option<(&str, &str)> {
    let start = text.as_bytes().windows(2).position(|pair| pair == b"::")?;
    Some((text.get(..start)?, text.get(start + 2..)?))
}

/// At most eight groups of an IPv6 address; those not there are zero.
#[derive(Default)]
struct Groups {
    groups: [u16; 8],
    count: usize,
}

impl Groups {
    /// The groups between single colons: up to four hexadecimal digits, and none are zero. A colon at the end
    /// ends the last group.
    fn parse(text: &str) -> Option<Self> {
        let mut groups = Self::default();
        let text = text.strip_suffix(':').unwrap_or(text);
        if text.is_empty() {
            return Some(groups);
        }
        let (mut value, mut digits) = (0, 0);
        for byte in text.bytes().chain([b':']) {
            if byte == b':' {
                groups.push(value)?;
                (value, digits) = (0, 0);
            } else {
                let digit = char::from(byte).to_digit(16).filter(|_| digits < 4)?;
                value = value << 4 | u16::try_from(digit).ok()?;
                digits += 1;
            }
        }
        Some(groups)
    }

    fn push(&mut self, group: u16) -> Option<()> {
        *self.groups.get_mut(self.count)? = group;
        self.count += 1;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::{IpRange, parse_address};

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// What live AWS answered: does the operator `IpAddress` match, does `NotIpAddress`.
    fn observed(operands: &[&str], request: &str) -> (bool, bool) {
        match parse_address(request) {
            None => (false, false),
            Some(address) => {
                let any = operands
                    .iter()
                    .filter_map(|text| IpRange::parse(text))
                    .any(|range| range.contains(address));
                (any, !any)
            }
        }
    }

    #[test]
    fn ranges_contain_addresses_as_observed() {
        const IN: (bool, bool) = (true, false);
        const OUT: (bool, bool) = (false, true);
        const NEITHER: (bool, bool) = (false, false);
        let rows: &[(&[&str], &str, (bool, bool))] = &[
            (&["192.0.2.0/24"], "192.0.2.0", IN),
            (&["192.0.2.0/24"], "192.0.2.255", IN),
            (&["192.0.2.0/24"], "192.0.3.1", OUT),
            (&["192.0.2.5/24"], "192.0.2.1", IN),
            (&["192.0.2.0/31"], "192.0.2.1", IN),
            (&["192.0.2.0/31"], "192.0.2.2", OUT),
            (&["192.0.2.1"], "192.0.2.1", IN),
            (&["192.0.2.1"], "192.0.2.2", OUT),
            (&["192.0.2.0/0"], "203.0.113.1", IN),
            (&["192.0.2.0/0"], "2001:db8::1", OUT),
            (&["192.000.002.0/24"], "192.0.2.1", IN),
            (&["192.000.002.1"], "192.0.2.1", IN),
            (&["192.0.2.0/024"], "192.0.2.1", IN),
            (&["192.0.2.0/+24"], "192.0.2.1", IN),
            (&["192.0.2.0/24"], "192.000.002.1", IN),
            (&["192.0.2.0/24"], "192.0.513", NEITHER),
            (&["192.0.2.0/24"], "3221225985", NEITHER),
            (&["192.0.2.0/24"], "192.0.2.1/32", NEITHER),
            (&["192.0.2.0/24"], "not-an-ip", NEITHER),
            (&["192.0.2.0/24"], "", NEITHER),
            (&["192.0.2.0/24"], " 192.0.2.1 ", NEITHER),
            (&["192.0.2.0/24"], "::ffff:192.0.2.1", IN),
            (&["192.0.2.0/24"], "::FFFF:c000:201", IN),
            (&["::ffff:192.0.2.0/120"], "192.0.2.1", OUT),
            (&["::ffff:192.0.2.0/120"], "::ffff:192.0.2.1", OUT),
            (&["::ffff:c000:200/120"], "::ffff:c000:201", OUT),
            (&["::ffff:192.0.2.1"], "::ffff:192.0.2.1", OUT),
            (&["::ffff:192.0.2.0/24"], "192.0.2.1", OUT),
            (&["::192.0.2.0/120"], "::192.0.2.1", NEITHER),
            (&["::/0"], "::ffff:192.0.2.1", OUT),
            (&["::/0"], "192.0.2.1", OUT),
            (&["::/0"], "2001:db8::1", IN),
            (&["2001:db8::1"], "2001:db8::1", IN),
            (&["2001:db8::1"], "2001:db8::2", OUT),
            (&["2001:db8::1/128"], "2001:db8::2", OUT),
            (&["2001:db8::/64"], "2001:db8:0:0:ffff:ffff:ffff:ffff", IN),
            (&["2001:db8::/64"], "2001:db8:0:1::", OUT),
            (&["2001:db8::5/64"], "2001:db8::1", OUT),
            (&["2001:db8::5/64"], "2001:db8::5", OUT),
            (&["2001:db8::5/127"], "2001:db8::4", OUT),
            (&["2001:db8::5/127"], "2001:db8::5", OUT),
            (&["2001:db8::4/127"], "2001:db8::4", IN),
            (&["2001:db8::4/127"], "2001:db8::5", IN),
            (&["2001:db8::4/127"], "2001:db8::6", OUT),
            (&["2001:db8::1/0"], "2001:db8::1", OUT),
            (&["2001:DB8::/064"], "2001:0db8:0000:0000:0000:0000:0000:0001", IN),
            (&["2001:db8::/64"], "2001:db8::192.0.2.1", NEITHER),
            (&["2001:db8::192.0.2.0/120"], "2001:db8::c000:201", OUT),
            (&["192.0.2.0/33"], "192.0.2.1", OUT),
            (&["2001:db8::/129"], "2001:db8::1", OUT),
            (&["not-an-ip"], "192.0.2.1", OUT),
            (&["not-an-ip"], "not-an-ip", NEITHER),
            (&["not-an-ip", "192.0.2.0/24"], "192.0.2.1", IN),
            (&["not-an-ip", "192.0.2.0/24"], "192.0.3.1", OUT),
            (&["192.0.2.0/24", "not-an-ip"], "192.0.2.1", IN),
            (&["192.0.2.0/24", "not-an-ip"], "192.0.3.1", OUT),
            (&["2001:db8::5/64", "2001:db8::/64"], "2001:db8::1", IN),
            (&["2001:db8::/64", "2001:db8::5/64"], "2001:db8::1", IN),
            (&["2001:db8::/64"], "2001:db8:::1", IN),
            (&["2001:db8::1/128"], "2001:db8:::1", IN),
            (&["2001:db8::1/128"], "2001:db8::1:", IN),
            (&["2001:db8::1/128"], ":2001:db8::1", OUT),
            (&["2001:db8::1/128"], "2001:db8::::1", NEITHER),
            (&["::/0"], ":::", IN),
            (&["::/0"], "2001::db8::1", NEITHER),
            (&["::/0"], "2001::db8:::1", NEITHER),
            (&["::/0"], "::ffff:::192.0.2.1", NEITHER),
            (&["::/0"], "fe80::1%eth0", NEITHER),
            (&["::/0"], "fe80::1%1", NEITHER),
            (&["::/0"], "[2001:db8::1]", NEITHER),
        ];
        for (operands, request, expected) in rows {
            assert_eq!(observed(operands, request), *expected, "{operands:?} against {request:?}");
        }
    }

    /// Whether IAM stored a policy with the range, or refused it as malformed.
    #[test]
    fn a_text_is_a_range_if_and_only_if_it_was_stored() {
        for (text, stored) in [
            ("192.0.2.0/24", true),
            ("192.0.2.5/24", true),
            ("192.0.2.0/31", true),
            ("192.0.2.1", true),
            ("192.0.2.0/0", true),
            ("192.000.002.0/24", true),
            ("192.000.002.1", true),
            ("192.0.2.0/024", true),
            ("192.0.2.0/+24", true),
            ("::ffff:192.0.2.0/120", false),
            ("::ffff:c000:200/120", true),
            ("::ffff:192.0.2.1", false),
            ("::ffff:192.0.2.0/24", false),
            ("::192.0.2.0/120", false),
            ("::/0", true),
            ("2001:db8::1", true),
            ("2001:db8::1/128", true),
            ("2001:db8::/64", true),
            ("2001:db8::5/64", false),
            ("2001:DB8::/064", true),
            ("2001:db8::192.0.2.0/120", false),
            ("192.0.2.0/33", false),
            ("2001:db8::/129", false),
            ("2001:db8::5/127", false),
            ("2001:db8::4/127", true),
            ("2001:db8::1/0", false),
            ("2001:db8:::1/128", true),
            ("2001:db8::1:/128", true),
            ("not-an-ip", false),
        ] {
            assert_eq!(IpRange::parse(text).is_some(), stored, "{text:?}");
        }
    }

    #[test]
    fn ranges_of_the_same_addresses_are_equal_and_their_network_has_no_host_bits() {
        let range = IpRange::parse("203.0.113.77/24").unwrap();
        assert_eq!(Some(range), IpRange::parse("203.0.113.0/24"));
        assert_eq!(range.network().to_string(), "203.0.113.0/24");
    }

    #[test]
    fn odd_spellings_follow_from_how_the_text_is_cut() {
        for (text, expected) in [
            ("2001:db8:::1", Some("2001:db8::1")),
            ("2001:db8::1:", Some("2001:db8::1")),
            (":2001:db8::1", Some("0:2001:db8::1")),
            (":::", Some("::")),
            ("::", Some("::")),
            ("2001:db8:::", Some("2001:db8::")),
            ("1:2:3:4:5:6:7:8", Some("1:2:3:4:5:6:7:8")),
            ("1:2:3:4:5:6:7:8:", Some("1:2:3:4:5:6:7:8")),
            (":2:3:4:5:6:7:8", Some("0:2:3:4:5:6:7:8")),
            ("1:2:3:4:5:6:7::", Some("1:2:3:4:5:6:7:0")),
            ("::2:3:4:5:6:7:8", Some("0:2:3:4:5:6:7:8")),
            ("1:2:3:4:5:6:7:8::", None),
            ("1:2:3:4::5:6:7:8", None),
            ("1:2:3:4:5:6:7", None),
            ("1:2:3:4:5:6:7:8:9", None),
            ("::::", None),
            (":", None),
            ("::12345", None),
            ("::g", None),
            ("::+1", None),
            ("::1.", None),
            ("0:0:0:0:0:FFFF:192.0.2.1", Some("192.0.2.1")),
            ("0::ffff:192.000.002.001", Some("192.0.2.1")),
            ("1:2:3:4:5:6:192.0.2.1", None),
            ("::ffff:0:192.0.2.1", None),
            ("::ffff:192.0.2.1.1", None),
            ("192.0.2.1:", None),
            ("192.0.2.256", None),
            ("192.0.2.+1", None),
            ("192.0.2.", None),
            ("192.0.2.1.", None),
            (".0.2.1", None),
            ("٣.0.2.1", None),
            ("0192.0.2.1", None),
            ("010.08.009.1", Some("10.8.9.1")),
        ] {
            assert_eq!(parse_address(text), expected.map(address), "{text:?}");
        }
    }

    #[test]
    fn the_length_of_a_prefix_is_a_whole_number_within_the_family() {
        for (text, ok) in [
            ("192.0.2.0/32", true),
            ("192.0.2.0/-0", true),
            ("192.0.2.0/-1", false),
            ("192.0.2.0/", false),
            ("192.0.2.0/24/", false),
            ("192.0.2.0/24/24", false),
            ("192.0.2.0/ 24", false),
            ("192.0.2.0/256", false),
            ("192.0.2.0/280", false),
            ("192.0.2.0/99999999999999999999", false),
            ("192.0.2.0/255.255.255.0", false),
            ("/24", false),
            ("/", false),
        ] {
            assert_eq!(IpRange::parse(text).is_some(), ok, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn canonical_v4_addresses_are_read_as_the_standard_library_does(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(parse_address(&address.to_string()), Some(IpAddr::V4(address)));
        }

        #[test]
        fn canonical_v6_addresses_are_read_as_the_standard_library_does(
            groups in proptest::array::uniform8(prop_oneof![Just(0), Just(0xFFFF), any::<u16>()]),
        ) {
            let address = Ipv6Addr::from(groups);
            // The dotted form belongs to the mapped addresses alone.
            prop_assert_eq!(parse_address(&address.to_string()), Some(IpAddr::V6(address).to_canonical()));
        }

        #[test]
        fn a_v4_range_contains_exactly_the_addresses_that_share_its_prefix(
            range: u32, length in 0..=32_u32, flips: u32, far in 0..40_u32,
        ) {
            let other = range ^ flips.checked_shr(far).unwrap_or(0);
            let parsed = IpRange::parse(&format!("{}/{length}", Ipv4Addr::from_bits(range))).unwrap();
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            prop_assert_eq!(parsed.contains(Ipv4Addr::from_bits(other).into()), range & mask == other & mask);
        }

        #[test]
        fn a_v6_range_contains_exactly_the_addresses_that_share_its_prefix(
            range: u128, length in 0..=128_u32, flips: u128, far in 0..140_u32,
        ) {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            let network = range & mask;
            let other = Ipv6Addr::from_bits(network ^ flips.checked_shr(far).unwrap_or(0));
            let parsed = IpRange::parse(&format!("{:#}/{length}", Ipv6Addr::from_bits(network)));
            if let Some(parsed) = parsed {
                prop_assert_eq!(parsed.contains(other.into()), network == other.to_bits() & mask);
            }
        }

        #[test]
        fn reading_is_total(text in "[0-9a-fA-F:./+%]{0,40}|\\PC{0,20}") {
            let _ = parse_address(&text);
            let _ = IpRange::parse(&text);
        }
    }
}
