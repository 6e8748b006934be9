//! A record as it is written: the parts of the CVE JSON record format that are read.

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Written<'a> {
    pub(super) data_version: String,
    pub(super) cve_metadata: Metadata,
    #[serde(borrow)]
    pub(super) containers: Containers<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    pub(super) cve_id: String,
    pub(super) state: String,
    pub(super) assigner_short_name: Option<String>,
    pub(super) date_updated: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Containers<'a> {
    #[serde(borrow)]
    pub(super) cna: Container<'a>,
    #[serde(borrow, default)]
    pub(super) adp: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Container<'a> {
    #[serde(default)]
    pub(super) provider_metadata: Provider,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) descriptions: Vec<Text>,
    #[serde(default)]
    pub(super) rejected_reasons: Vec<Text>,
    #[serde(default)]
    pub(super) replaced_by: Vec<String>,
    #[serde(borrow, default)]
    pub(super) metrics: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) affected: Vec<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provider {
    pub(super) short_name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Text {
    #[serde(default)]
    pub(super) lang: String,
    #[serde(default)]
    pub(super) value: String,
}

#[derive(Deserialize)]
pub(super) struct Metric {
    #[serde(rename = "cvssV4_0")]
    pub(super) v4_0: Option<Score>,
    #[serde(rename = "cvssV3_1")]
    pub(super) v3_1: Option<Score>,
    #[serde(rename = "cvssV3_0")]
    pub(super) v3_0: Option<Score>,
    #[serde(rename = "cvssV2_0")]
    pub(super) v2_0: Option<Score>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Score {
    pub(super) base_score: serde_json::Number,
    pub(super) base_severity: Option<String>,
    pub(super) vector_string: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Product {
    pub(super) vendor: Option<String>,
    pub(super) product: Option<String>,
    pub(super) package_name: Option<String>,
    pub(super) default_status: Option<String>,
    #[serde(default)]
    pub(super) versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Version {
    pub(super) version: String,
    pub(super) status: String,
    pub(super) less_than: Option<String>,
    pub(super) less_than_or_equal: Option<String>,
    #[serde(default)]
    pub(super) changes: Vec<Change>,
}

#[derive(Deserialize)]
pub(super) struct Change {
    pub(super) at: String,
    pub(super) status: String,
}
