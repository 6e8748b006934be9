//! A tiny generator of pseudo-random numbers (splitmix64), so that the bytes of a snapshot
//! depend on the seed alone and never on the version of a crate.

/// A stream of numbers that follows from its seed.
pub(crate) struct Dice(u64);

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    /// Dice for one fact, named by a topic and up to two numbers: throwing them for one device
    /// never moves the numbers of another.
    pub(crate) fn of(seed: u64, topic: &str, a: u64, b: u64) -> Self {
        let mut key = mixed(seed ^ 0x9e37_79b9_7f4a_7c15);
        for byte in topic.bytes() {
            key = key.wrapping_mul(0x0000_0100_0000_01b3).wrapping_add(u64::from(byte));
        }
        key = mixed(key ^ a.wrapping_mul(0xd134_2543_de82_ef95));
        key = mixed(key ^ b.wrapping_mul(0xaf25_1af3_b0f0_25b5));
        Self(key)
    }

    /// The next 64 bits.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number from 0 up to, not including, `limit` (0 when that is 0).
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.roll()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `low` up to, not including, `high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high.saturating_sub(low).max(0) as u64) as i64
    }

    /// Below `limit` with small numbers much likelier than large ones.
    pub(crate) fn skewed(&mut self, limit: u64) -> u64 {
        let u = u128::from(self.roll() >> 11);
        ((u * u * u128::from(limit)) >> 106) as u64
    }

    /// True in `thousandths` of 1,000 cases.
    pub(crate) fn chance(&mut self, thousandths: u64) -> bool {
        self.below(1000) < thousandths
    }

    /// One of some things.
    pub(crate) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u64) as usize]
    }
}

/// An id of 40 hexadecimal digits, as Defender gives its devices.
pub(crate) fn device_id(seed: u64, index: u64) -> String {
    use std::fmt::Write;
    let mut dice = Dice::of(seed, "device", index, 0);
    let mut id = String::with_capacity(48);
    for _ in 0..3 {
        let _ = write!(id, "{:016x}", dice.roll());
    }
    id.truncate(40);
    id
}

/// A detector's id, from the title of what it finds.
pub(crate) fn detector_id(title: &str) -> String {
    let mut dice = Dice::of(0, title, 0, 0);
    let (a, b) = (dice.roll(), dice.roll());
    format!(
        "{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}
