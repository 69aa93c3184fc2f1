//! Policy documents inside the inputs people have.
