//! Who is admitted to a report or page, and why not.

use std::fmt;

use jiff::Timestamp;

use crate::config::Role;
use crate::report::Admission;
use crate::terms::{Moment, Tlp};

/// Why a role does not get a text. The first reason that holds is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is a draft.
    Draft,
    /// It is hidden until then.
    NotYet(Moment),
    /// The audience does not name the role.
    Audience,
    /// Its TLP is above the role's clearance.
    Clearance(Tlp),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => f.write_str("a draft"),
            Self::NotYet(moment) => write!(f, "hidden until {moment}"),
            Self::Audience => f.write_str("the audience does not name the role"),
            Self::Clearance(tlp) => write!(f, "{tlp} is above the role's clearance"),
        }
    }
}

/// Whether a role gets a text at `as_of`: audience AND clearance must both admit.
///
/// # Errors
///
/// The first reason why not.
pub fn admits(role: &Role, tlp: Tlp, admission: &Admission, as_of: Timestamp, drafts: bool) -> Result<(), Refusal> {
    if admission.draft && !drafts {
        return Err(Refusal::Draft);
    }
    if let Some(moment) = admission.publish_at.filter(|moment| as_of < moment.instant()) {
        return Err(Refusal::NotYet(moment));
    }
    if admission.audience.as_ref().is_some_and(|audience| !audience.contains(&role.name)) {
        return Err(Refusal::Audience);
    }
    if tlp > role.clearance {
        return Err(Refusal::Clearance(tlp));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::{GroupSelection, instant};

    fn role(clearance: Tlp) -> Role {
        Role {
            name: "a".into(),
            span: 0..0,
            title: "A".into(),
            groups: GroupSelection::All,
            group_spans: Vec::new(),
            clearance,
            sign_in_groups: Vec::new(),
            base_url: "https://a.example/".into(),
        }
    }

    fn asked(clearance: Tlp, tlp: Tlp, admission: &Admission) -> Result<(), Refusal> {
        let now = instant("2026-11-16T06:00:00Z").expect("a time");
        admits(&role(clearance), tlp, admission, now, false)
    }

    #[test]
    fn clearance_is_an_order_over_all_pairs() {
        for clearance in Tlp::ALL {
            for tlp in Tlp::ALL {
                assert_eq!(asked(clearance, tlp, &Admission::default()).is_ok(), tlp <= clearance);
            }
        }
    }

    #[test]
    fn audience_and_clearance_must_both_admit() {
        let audience = |names: &[&str]| Admission {
            audience: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..Admission::default()
        };
        assert_eq!(asked(Tlp::Red, Tlp::Red, &audience(&["a"])), Ok(()));
        assert_eq!(asked(Tlp::Red, Tlp::Clear, &audience(&["b"])), Err(Refusal::Audience));
        assert_eq!(asked(Tlp::Red, Tlp::Clear, &audience(&[])), Err(Refusal::Audience));
        assert_eq!(asked(Tlp::Clear, Tlp::Red, &audience(&["a"])), Err(Refusal::Clearance(Tlp::Red)));
    }

    #[test]
    fn hidden_only_while_now_is_earlier() {
        let at = |text| Admission { publish_at: Moment::parse(text), ..Admission::default() };
        assert_eq!(asked(Tlp::Red, Tlp::Red, &at("2026-11-16T06:00:00Z")), Ok(()));
        assert!(asked(Tlp::Red, Tlp::Red, &at("2026-11-16T06:00:01Z")).is_err());
    }
}
