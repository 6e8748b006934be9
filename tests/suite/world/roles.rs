//! Draws `threatpress.yaml`: the thresholds and who may see what.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::pools::{CONFIGURATION_IDS, GROUPS, TLPS, any_case};
use super::{Config, Groups, Role};

pub(crate) const ROLE_NAMES: [&str; 3] = ["soc", "emea-it", "board"];

/// `Delta` is a group that no snapshot has: only a warning.
const LISTABLE: [&str; 7] = ["Alpha", "Beta Servers", "Gamma/Öst", "ungrouped", "no-device", "Delta", " Alpha "];

fn groups() -> impl Strategy<Value = Groups> {
    let listed = subsequence(LISTABLE.to_vec(), 1..=LISTABLE.len())
        .prop_map(|names| Groups::Listed(names.into_iter().map(str::to_owned).collect()));
    prop_oneof![
        4 => Just(Groups::All),
        8 => listed,
        1 => Just(Groups::Listed(Vec::new())),
        1 => Just(Groups::LeftOut),
    ]
}

fn clearance() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        8 => Just(Some("red".to_owned())),
        3 => select(&TLPS[..]).prop_map(|tlp| Some(tlp.to_owned())),
        1 => Just(None),
    ]
}

fn roles() -> impl Strategy<Value = Vec<Role>> {
    vec((groups(), clearance()), 1..=ROLE_NAMES.len()).prop_map(|drawn| {
        let named = ROLE_NAMES.iter().zip(drawn);
        named.map(|(name, (groups, clearance))| Role { name: (*name).to_owned(), groups, clearance }).collect()
    })
}

/// Nothing ranked, or enough to let a device stand in two groups (`ungrouped` may be ranked).
fn ranks() -> impl Strategy<Value = Vec<String>> {
    let rankable = vec![GROUPS[2], "ungrouped", GROUPS[0], GROUPS[1]];
    prop_oneof![
        1 => Just(Vec::new()),
        3 => subsequence(rankable.clone(), 2..=rankable.len()).prop_shuffle(),
    ]
    .prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

pub(crate) fn configs() -> impl Strategy<Value = Config> {
    // Left out, the key has a default whose ids are not in our pool, so that it does not matter here.
    let antivirus = option::weighted(0.8, vec(any_case(&CONFIGURATION_IDS), 0..4));
    let default_tlp = option::of(select(&TLPS[..3]).prop_map(str::to_owned));
    let freshness = option::of(select(vec![1i64, 2, 14]));
    let trend = option::of(select(vec![1i64, 2, 5, 12]));
    (roles(), ranks(), antivirus, default_tlp, freshness, trend).prop_map(
        |(roles, group_ranks, antivirus_configurations, default_tlp, freshness_days, trend_days)| Config {
            default_tlp,
            freshness_days,
            trend_days,
            antivirus_configurations,
            group_ranks,
            roles,
        },
    )
}
