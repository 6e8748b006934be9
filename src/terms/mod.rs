//! The field's words as types: TLP, severities, report types, CVE and technique ids, moments.
//!
//! Plain values without data of any site in them; every room may speak them.

mod defang;
mod groups;
mod id;
mod indicator;
mod kind;
mod moment;
mod name;
mod percent;
mod reserved;
mod severity;
mod tlp;
mod value;

pub use defang::defanged;
pub use groups::{ALL_GROUPS, GroupSelection, NO_DEVICE, UNGROUPED};
pub use id::{ConfigurationId, CveId, TechniqueId};
pub use indicator::{IndicatorType, refanged};
pub use kind::{ChangeKind, ReportType};
pub use moment::{Moment, instant};
pub use name::{PAGE_NAME_FORM, SLUG_PATTERN, is_report_slug, is_slug, page_name, url_name, word};
pub use percent::percent_encoded;
pub use reserved::reserved;
pub use severity::Severity;
pub use tlp::Tlp;
