//! Properties over bytes: what holds whatever anybody sends.
//!
//! Each target is a function here, named as in [`TARGETS`], that panics when its property does not hold. Under
//! libFuzzer (`cargo fuzz run NAME`, nightly) the one-line files in `targets/` feed it mutated bytes; in any other build
//! they replay files, so that what was found once is tried again by a stable compiler (`cargo run -p bailiwick-fuzz`).

mod input;
mod matcher;
pub mod replay;
mod scenarios;
mod stores;
mod text;
mod validator;

pub use crate::input::{batch, deliver, scenario};
pub use crate::matcher::matcher;
pub use crate::scenarios::{explain, index, model, normalize};
pub use crate::stores::stores;
pub use crate::text::{print, spans};
pub use crate::validator::validator;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use libfuzzer_sys;

/// A property over bytes, by name.
pub struct Target {
    /// The name of its binary and of its folders.
    pub name: &'static str,
    /// What holds, in a sentence.
    pub property: &'static str,
    /// Panics when it does not.
    pub run: fn(&[u8]),
    /// What its bytes are.
    pub input: Input,
}

/// What the bytes of a target are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Choices of the generator.
    Choices,
    /// A policy document as text, after one byte that chooses its kind where the target needs one.
    Policy,
    /// A scenario as text.
    Scenario,
    /// A delivery with its environment as text.
    Delivery,
}

/// All targets, strongest property first.
pub const TARGETS: [Target; 12] = [
    Target {
        name: "model",
        property: "the engine decides as the definitional model does",
        run: model,
        input: Input::Choices,
    },
    Target {
        name: "explain",
        property: "an explanation says what was decided, and nothing that contradicts it",
        run: explain,
        input: Input::Choices,
    },
    Target {
        name: "normalize",
        property: "normalizing keeps every decision, and twice is once",
        run: normalize,
        input: Input::Choices,
    },
    Target {
        name: "index",
        property: "however policies are attached, indexed or not, the decision is the same",
        run: index,
        input: Input::Choices,
    },
    Target {
        name: "print",
        property: "a policy printed and read again is the same policy; JSON is read as serde_json reads it",
        run: print,
        input: Input::Policy,
    },
    Target {
        name: "matcher",
        property: "patterns match as a table of all positions says, in bounded steps",
        run: matcher,
        input: Input::Choices,
    },
    Target {
        name: "spans",
        property: "every span lies on character boundaries inside the text, which reads again to the value",
        run: spans,
        input: Input::Policy,
    },
    Target {
        name: "stores",
        property: "policy stores do what their documentation says; what is refused changes nothing",
        run: stores,
        input: Input::Choices,
    },
    Target {
        name: "validator",
        property: "findings have places, and their fixes mend what they were found for",
        run: validator,
        input: Input::Policy,
    },
    Target {
        name: "scenario",
        property: "a scenario is answered, or refused with places",
        run: scenario,
        input: Input::Scenario,
    },
    Target {
        name: "batch",
        property: "every line of a batch has one answer on one line",
        run: batch,
        input: Input::Scenario,
    },
    Target {
        name: "deliver",
        property: "a delivery is simulated, or refused with places; the verdict is that of its steps",
        run: deliver,
        input: Input::Delivery,
    },
];

/// The body of a target's binary: libFuzzer's entry in a fuzzing build, a replay of files in any other.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(fuzzing)]
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $crate::$name(bytes));

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::replay::one(stringify!($name))
        }
    };
}
