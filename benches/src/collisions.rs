//! Texts that somebody chose so that a table gains nothing by their hashes.
//!
//! The evaluator's hash takes eight bytes at a time into a state of eight bytes, and no secret goes into it. Whoever can
//! choose two chunks in a row has many pairs of them that lead from one state to the same other one; a few such places
//! in a text make thousands of texts. That this is so for the hash as it is, a test of the evaluator asserts.

/// How many pairs of chunks there are for each place, and how many places.
const PAIRS: usize = 32;
const PLACES: usize = 3;

/// Different texts of 64 bytes, up to 32,768 of them, whose hashes are all alike: action names of S3, and in lower case.
pub fn colliding(count: usize) -> Vec<String> {
    const BEGINNING: [u8; 8] = *b"s3:begin";
    const END: [u8; 8] = *b"-the-end";
    let length = BEGINNING.len() + PLACES * 16 + END.len();
    let mut state = mix(SEED ^ length as u64 ^ u64::from_le_bytes(BEGINNING));
    let mut texts = vec![String::from_utf8_lossy(&BEGINNING).into_owned()];
    for _ in 0..PLACES {
        let (behind, pairs) = pairs(state);
        state = behind;
        texts = texts
            .iter()
            .flat_map(|text| pairs.iter().map(move |pair| format!("{text}{pair}")))
            .take(count)
            .collect();
    }
    texts.iter().map(|text| format!("{text}{}", String::from_utf8_lossy(&END))).collect()
}

/// Pairs of chunks that lead from a state to the same other one, and that one.
fn pairs(state: u64) -> (u64, Vec<String>) {
    let first = mix(state ^ u64::from_le_bytes(*b"aaaaaaaa"));
    let meeting = first ^ u64::from_le_bytes(*b"bbbbbbbb");
    let pair = |number: u64| {
        let one = letters(number);
        let other = (mix(state ^ u64::from_le_bytes(one)) ^ meeting).to_le_bytes();
        other.iter().all(|byte| is_plain(*byte)).then(|| [one, other].concat())
    };
    let pairs = (0..).filter_map(pair).take(PAIRS).map(|pair| String::from_utf8_lossy(&pair).into_owned());
    (mix(meeting), pairs.collect())
}

/// A chunk of letters for every number.
fn letters(mut number: u64) -> [u8; 8] {
    [0; 8].map(|_: u8| {
        let letter = b'a' + (number % 26) as u8;
        number /= 26;
        letter
    })
}

/// What stands for itself in an action, in JSON and in lower case.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !byte.is_ascii_uppercase() && !matches!(byte, b'"' | b'\\' | b'*' | b'?')
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(state: u64) -> u64 {
    let product = u128::from(state) * 0xa076_1d64_78bd_642f_u128;
    (product as u64) ^ ((product >> 64) as u64)
}
