//! The order of rows and the number of files never matter.

use proptest::prelude::*;
use serde_json::Value;

use super::hunting::{HUNTING, INCIDENTS};
use super::{built, same};

/// A table as the rows of its JSON, or the lines of its CSV without the first.
enum Table {
    Csv(String, Vec<String>),
    Json(Vec<Value>),
}

fn table(text: &str) -> Table {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let rows = ["value", "Results"].iter().find_map(|key| value.get(key).cloned()).unwrap_or(value);
        return Table::Json(rows.as_array().unwrap().clone());
    }
    if text.starts_with('{') {
        return Table::Json(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect());
    }
    let mut lines = text.lines().map(str::to_owned);
    Table::Csv(lines.next().unwrap(), lines.collect())
}

/// The rows in another order, over two files of another form.
fn torn(name: &str, text: &str, (turn, cut, form): (usize, usize, u8)) -> Vec<(String, String)> {
    let stem = name.split(['.', '/']).next().unwrap();
    let turned = |count: usize| (turn % count.max(1), cut % (count + 1));
    match table(text) {
        Table::Csv(head, mut rows) => {
            let (by, at) = turned(rows.len());
            rows.rotate_left(by);
            let text =
                |rows: &[String]| format!("{head}\n{}", rows.iter().map(|row| format!("{row}\n")).collect::<String>());
            vec![(format!("{stem}/b.csv"), text(&rows[..at])), (format!("{stem}.csv"), text(&rows[at..]))]
        }
        Table::Json(mut rows) => {
            let (by, at) = turned(rows.len());
            rows.rotate_left(by);
            let text = |rows: &[Value]| match form {
                0 => Value::from(rows).to_string(),
                1 => serde_json::json!({"Schema": [{"Name": "x"}], "Results": rows}).to_string(),
                2 => serde_json::to_string_pretty(&serde_json::json!({"@odata.context": "x", "value": rows, "z": {}}))
                    .unwrap(),
                _ if rows.is_empty() => "[]".to_owned(),
                _ => rows.iter().map(|row| format!("{row}\n")).collect(),
            };
            vec![(format!("{stem}/a.json"), text(&rows[..at])), (format!("{stem}.more.json"), text(&rows[at..]))]
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_table_in_parts_is_the_same_table(choices in prop::collection::vec((0_usize..8, 0_usize..8, 0_u8..4), 10)) {
        let whole: Vec<(&str, &str)> = HUNTING.into_iter().chain([INCIDENTS]).collect();
        let parts = whole.iter().zip(choices).flat_map(|((name, text), choice)| torn(name, text, choice));
        let parts: Vec<(String, String)> = parts.collect();
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        same(&built("defender-hunting", &whole), &built("defender-hunting", &parts));
    }
}
