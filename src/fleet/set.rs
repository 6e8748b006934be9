//! Sets of devices.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Range, Sub, SubAssign};
use std::sync::Arc;

use roaring::RoaringBitmap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A device's place in the fleet's order.
pub type Ordinal = u32;

/// A set of devices: a compressed bitmap over the fleet's order. A copy costs nothing until one of the two is
/// changed.
#[derive(Clone, Debug, Default)]
pub struct DeviceSet(Arc<RoaringBitmap>);

impl PartialEq for DeviceSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl DeviceSet {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A run of devices.
    #[must_use]
    pub fn range(range: Range<Ordinal>) -> Self {
        let mut bitmap = RoaringBitmap::new();
        bitmap.insert_range(range);
        // Runs are small, but slow to take single devices from.
        bitmap.remove_run_compression();
        Self(Arc::new(bitmap))
    }

    /// The set of ascending ordinals; repeated ones are passed over.
    pub fn from_ascending(ordinals: impl IntoIterator<Item = Ordinal>) -> Self {
        let (mut last, mut late) = (None, Vec::new());
        let rising = ordinals.into_iter().filter(|ordinal| {
            let rises = last < Some(*ordinal);
            if rises {
                last = Some(*ordinal);
            } else if last != Some(*ordinal) {
                late.push(*ordinal);
            }
            rises
        });
        let mut bitmap = RoaringBitmap::new();
        // All at once: for each single one, the greatest so far would be looked for.
        let _ = bitmap.append(rising);
        bitmap.extend(late);
        Self(Arc::new(bitmap))
    }

    /// The set of ordinals that are all below `end`; others are passed over.
    pub fn from_below(ordinals: impl IntoIterator<Item = Ordinal>, end: Ordinal) -> Self {
        let mut bits = vec![0_u8; end.div_ceil(8) as usize];
        for ordinal in ordinals {
            if let Some(byte) = bits.get_mut((ordinal / 8) as usize).filter(|_| ordinal < end) {
                *byte |= 1 << (ordinal % 8);
            }
        }
        Self(Arc::new(RoaringBitmap::from_lsb0_bytes(0, &bits)))
    }

    /// How many devices.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a device is in it.
    #[must_use]
    pub fn contains(&self, device: Ordinal) -> bool {
        self.0.contains(device)
    }

    /// Adds a device.
    pub fn insert(&mut self, device: Ordinal) {
        Arc::make_mut(&mut self.0).insert(device);
    }

    /// How many of its devices stand in a range (a group).
    #[must_use]
    pub fn len_in(&self, range: &Range<Ordinal>) -> u64 {
        self.0.range_cardinality(range.clone())
    }

    /// How many devices are in both.
    #[must_use]
    pub fn common_len(&self, other: &Self) -> u64 {
        self.0.intersection_len(&other.0)
    }

    /// Whether the sets share a device.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// The devices, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Ordinal> {
        self.0.iter()
    }

    /// The devices of a range, ascending.
    pub fn iter_in(&self, range: &Range<Ordinal>) -> impl Iterator<Item = Ordinal> {
        self.0.range(range.clone())
    }
}

impl IntoIterator for DeviceSet {
    type Item = Ordinal;
    type IntoIter = roaring::bitmap::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl Serialize for DeviceSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DeviceSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RoaringBitmap::deserialize(deserializer).map(|bitmap| Self(Arc::new(bitmap)))
    }
}

impl FromIterator<Ordinal> for DeviceSet {
    fn from_iter<I: IntoIterator<Item = Ordinal>>(ordinals: I) -> Self {
        Self(Arc::new(ordinals.into_iter().collect()))
    }
}

impl<'a> FromIterator<&'a DeviceSet> for DeviceSet {
    /// The union.
    fn from_iter<I: IntoIterator<Item = &'a DeviceSet>>(sets: I) -> Self {
        let mut union = Self::new();
        for set in sets {
            union |= set;
        }
        union
    }
}

/// Each with what it makes of nothing and a set: most unions begin with nothing, and then cost nothing.
macro_rules! operators {
    ($($op:ident $name:ident $assign:ident $assign_name:ident, $of_nothing:expr;)+) => {$(
        impl $op for &DeviceSet {
            type Output = DeviceSet;
            fn $name(self, other: Self) -> DeviceSet { DeviceSet(Arc::new((&*self.0).$name(&*other.0))) }
        }
        impl $op<&DeviceSet> for DeviceSet {
            type Output = DeviceSet;
            fn $name(mut self, other: &Self) -> DeviceSet { self.$assign_name(other); self }
        }
        impl $assign<&DeviceSet> for DeviceSet {
            fn $assign_name(&mut self, other: &Self) {
                match self.is_empty() {
                    true => *self = $of_nothing(other),
                    false => Arc::make_mut(&mut self.0).$assign_name(&*other.0),
                }
            }
        }
    )+};
}
operators! {
    BitOr bitor BitOrAssign bitor_assign, DeviceSet::clone;
    BitAnd bitand BitAndAssign bitand_assign, |_| DeviceSet::new();
    Sub sub SubAssign sub_assign, |_| DeviceSet::new();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algebra_and_ranges() {
        let a = DeviceSet::range(0..6);
        let b: DeviceSet = [4, 5, 9].into_iter().collect();
        assert_eq!((&a & &b).len(), 2);
        assert_eq!((&a - &b).len_in(&(3..6)), 1);
        assert_eq!([&a, &b].into_iter().collect::<DeviceSet>().len(), 7);
        assert_eq!(DeviceSet::from_ascending([1, 1, 3]).iter().collect::<Vec<_>>(), [1, 3]);
        // What does not ascend is not lost either.
        assert_eq!(DeviceSet::from_ascending([4, 1, 1, 9, 3]).iter().collect::<Vec<_>>(), [1, 3, 4, 9]);
        assert_eq!(
            DeviceSet::from_below([1, 70_000, 3, 1, 70_001, 80_000], 70_001).iter().collect::<Vec<_>>(),
            [1, 3, 70_000]
        );
    }
}
