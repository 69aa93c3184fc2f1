//! What holds for every scenario, tried on generated ones; each law is one function with the law's name.

mod combining;
mod conditions;
mod driver;
mod elements;
mod embedding;
mod explaining;
mod model;
mod spelling;
