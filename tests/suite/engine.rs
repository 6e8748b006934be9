//! Snapshots that an engine holds: against Sail, a real engine with several workers, and against a small server of
//! our own, which can be asked to misbehave.

mod failures;
mod figures;
mod lake;
mod login;
mod preview;
mod profiles;
mod proxy;
mod sail;
mod site;
