//! The JSON Schemas against the reader: what one accepts the other reads, and what people hand in
//! by mistake is refused by both.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::bad_input::messages;
use super::command::{printed, threatpress};

const SCHEMAS: [&str; 4] = ["config", "report", "page", "snapshot"];

fn schema(of: &str) -> Value {
    serde_json::from_str(&printed(["schema", of])).unwrap()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap()
}

/// What an editor makes of YAML.
fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn front_matter(text: &str) -> Value {
    let (front, _) = text.strip_prefix("---\n").unwrap().split_once("\n---").unwrap();
    yaml(front)
}

fn complaints(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The Markdown files of a directory, in it or one deeper.
fn texts(directory: &Path) -> Vec<(String, String)> {
    walkdir::WalkDir::new(directory)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()))
        .collect()
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const CONFIGURATION: &str = "\
title: T
base_url: https://t.example/
roles:
  soc: {groups: all, clearance: red}
  emea-it: {groups: [EMEA], clearance: amber}
";
const FRONT: &str = "\
title: A
type: activity
summary: S
published: 2026-11-02
tlp: amber
";
const SNAPSHOT: &str = "as_of: 2026-11-16T06:00:00Z\n";

/// A site of these three, and of whatever else `more` puts there.
fn site(configuration: &str, front: &str, snapshot: &str) -> TempDir {
    let site = tempfile::tempdir().unwrap();
    write(site.path(), "threatpress.yaml", configuration);
    write(site.path(), "content/reports/a.md", &format!("---\n{front}---\n"));
    write(site.path(), "content/snapshots/1/snapshot.yaml", snapshot);
    write(site.path(), "content/snapshots/1/devices.csv", "device_id,name,device_group\nd1,one,EMEA\n");
    site
}

/// The messages of the reader on a site.
fn told(site: &Path) -> Vec<Value> {
    let args = ["check", "--format", "json", "--site"].map(OsStr::new);
    messages(&threatpress(args.into_iter().chain([site.as_os_str()])))
}

fn errors(site: &Path) -> Vec<Value> {
    told(site).into_iter().filter(|line| line["severity"] == "error").collect()
}

#[test]
fn the_schemas_are_schemas() {
    for of in SCHEMAS {
        let schema = schema(of);
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{of}");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let text = schema.to_string();
        // Editors that know draft 7 only read them too.
        for keyword in ["prefixItems", "unevaluated", "dependentRequired", "$dynamic"] {
            assert!(!text.contains(keyword), "{of} uses {keyword}");
        }
    }
    assert_eq!(threatpress(["schema", "fleet"]).status.code(), Some(2));
}

#[test]
fn the_sample_site_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let begun = tempfile::tempdir().unwrap();
    let begun = begun.path().join("site");
    assert_eq!(threatpress([OsStr::new("init"), begun.as_os_str()]).status.code(), Some(0));
    let [config, report, page, snapshot] = SCHEMAS.map(|of| validator(&schema(of)));
    for root in [root, &begun] {
        let text = fs::read_to_string(root.join("threatpress.yaml")).unwrap();
        assert_eq!(complaints(&config, &yaml(&text)), [""; 0]);
        for (kind, validator) in [("reports", &report), ("pages", &page)] {
            let texts = texts(&root.join("content").join(kind));
            assert!(!texts.is_empty());
            for (path, text) in texts {
                assert_eq!(complaints(validator, &front_matter(&text)), [""; 0], "{path}");
            }
        }
        for entry in fs::read_dir(root.join("content/snapshots")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path().join("snapshot.yaml")).unwrap();
            assert_eq!(complaints(&snapshot, &yaml(&text)), [""; 0]);
        }
    }
}

/// A mapping with every key of a schema: its example, or for a mapping every key of that.
fn full(schema: &Value) -> Value {
    let properties = schema["properties"].as_object().unwrap();
    let value = |property: &Value| match (&property["examples"][0], mapping(property)) {
        (Value::Null, Some(nested)) if is_list(property) => json!([full(nested)]),
        (Value::Null, Some(nested)) => full(nested),
        (example, _) => example.clone(),
    };
    let keys = properties.iter().filter(|(_, property)| property.get("not").is_none());
    Value::Object(keys.map(|(key, property)| (key.clone(), value(property))).collect())
}

fn is_list(property: &Value) -> bool {
    property["anyOf"].as_array().is_some_and(|all| all.iter().any(|value| value["type"] == "array"))
}

/// The mapping that a property allows, be it beside other things or inside a list.
fn mapping(property: &Value) -> Option<&Value> {
    if property.get("properties").is_some() {
        return Some(property);
    }
    let nested = property["anyOf"].as_array().into_iter().flatten().chain([&property["items"]]);
    nested.filter(|value| value.is_object()).find_map(mapping)
}

#[test]
fn the_reader_reads_every_key_of_the_schemas() {
    let [config, report, page, snapshot] = SCHEMAS.map(schema);
    let whole = |schema: &Value| {
        let value = full(schema);
        assert_eq!(complaints(&validator(schema), &value), [""; 0], "{value:#}");
        value
    };
    let mut configuration = whole(&config);
    // The two roles that the examples for `audience` name.
    let role = full(&config["properties"]["roles"]["additionalProperties"]["anyOf"][0]);
    configuration["roles"] = json!({"soc": {"groups": "all", "clearance": "red"}, "emea-it": role});
    let text = |value: &Value| format!("{value}\n");
    let mut head = whole(&snapshot);
    // Tables are held in files or by an engine, which here is none that answers.
    let mut engine = head.clone();
    ["engine", "tables"].iter().for_each(|key| _ = head.as_object_mut().unwrap().remove(*key));
    engine["engine"]["flight_sql"] = json!("grpc://127.0.0.1:1");
    let of_engine = site(CONFIGURATION, FRONT, &text(&engine));
    fs::remove_file(of_engine.path().join("content/snapshots/1/devices.csv")).unwrap();
    let codes: BTreeSet<String> = errors(of_engine.path()).iter().map(|told| told["code"].to_string()).collect();
    assert_eq!(codes, BTreeSet::from(["\"TP0432\"".to_owned()]));
    let site = site(&text(&configuration), &text(&whole(&report)), &text(&head));
    write(site.path(), "content/pages/a.md", &format!("---\n{}---\n", text(&whole(&page))));
    assert_eq!(errors(site.path()), Vec::<Value>::new());
    // A mapping that names a list's entries: every key of each has been read, too.
    let indicators = full(mapping(&report["properties"]["indicators"]).unwrap());
    let configurations = full(mapping(&report["properties"]["configurations"]).unwrap());
    let mut facts = whole(&report);
    facts["indicators"] = json!([indicators]);
    facts["configurations"] = json!([configurations]);
    write(site.path(), "content/reports/a.md", &format!("---\n{}---\n", text(&facts)));
    assert_eq!(errors(site.path()), Vec::<Value>::new());
}

/// Puts a key that nobody knows into every mapping of `value`, and counts them. Mappings whose
/// keys are names get none.
fn spoil(value: &mut Value, key: &str) -> usize {
    match value {
        Value::Object(object) => {
            let nested: usize = object.iter_mut().map(|(key, value)| spoil(value, key)).sum();
            if key == "roles" {
                return nested;
            }
            object.insert("qqqqqqqqqqqq".to_owned(), json!(1));
            nested + 1
        }
        Value::Array(items) => items.iter_mut().map(|item| spoil(item, key)).sum(),
        _ => 0,
    }
}

/// The keys of every mapping in a schema.
fn key_sets(schema: &Value, out: &mut BTreeSet<BTreeSet<String>>) {
    if let Some(properties) = schema["properties"].as_object() {
        out.insert(properties.keys().cloned().collect());
    }
    match schema {
        Value::Object(object) => {
            // Conditions say more of keys that are named elsewhere.
            let named = object.iter().filter(|(key, _)| !["$defs", "allOf"].contains(&key.as_str()));
            named.for_each(|(_, value)| key_sets(value, out))
        }
        Value::Array(items) => items.iter().for_each(|item| key_sets(item, out)),
        _ => {}
    }
}

#[test]
fn the_schemas_know_every_key_of_the_reader() {
    let [config, report, page, snapshot] = SCHEMAS.map(schema);
    let mut configuration = full(&config);
    configuration["roles"] = json!({"soc": full(&config["properties"]["roles"]["additionalProperties"]["anyOf"][0])});
    let mut facts = full(&report);
    facts["audience"] = json!(["soc"]);
    facts["indicators"] = json!([full(mapping(&report["properties"]["indicators"]).unwrap())]);
    facts["configurations"] = json!([full(mapping(&report["properties"]["configurations"]).unwrap())]);
    let mut free = full(&page);
    free["audience"] = json!(["soc"]);
    let mut head = full(&snapshot);
    let mut known = BTreeSet::new();
    for (schema, value) in [(&config, &configuration), (&report, &facts), (&page, &free), (&snapshot, &head)] {
        key_sets(schema, &mut known);
        assert_eq!(complaints(&validator(schema), value), [""; 0]);
    }
    // The reader names all the keys it knows when it meets one that is like none of them.
    let mut mappings = 0;
    let mut hints = BTreeSet::new();
    let mut collect = |site: &TempDir| {
        let lines = errors(site.path());
        for line in lines.iter().filter(|line| line["code"] == "TP0005") {
            let keys = line["hint"].as_str().unwrap().strip_prefix("known here: ").unwrap();
            hints.insert(keys.split(", ").map(str::to_owned).collect::<BTreeSet<_>>());
        }
        lines.iter().filter(|line| line["code"] == "TP0005").count()
    };
    mappings += spoil(&mut configuration, "");
    let mut found = collect(&site(&format!("{configuration}\n"), FRONT, SNAPSHOT));
    mappings += spoil(&mut facts, "") + spoil(&mut free, "") + spoil(&mut head, "");
    let second = site(CONFIGURATION, &format!("{facts}\n"), &format!("{head}\n"));
    write(second.path(), "content/pages/a.md", &format!("---\n{free}\n---\n"));
    found += collect(&second);
    assert_eq!(found, mappings, "one message for each unknown key");
    assert_eq!(hints, known);
}

#[test]
fn mistakes_are_refused_by_both() {
    let [config, report, _, snapshot] = SCHEMAS.map(|of| validator(&schema(of)));
    let both = |refuses: &Validator, value: Value, site: TempDir, mistake: &str| {
        assert!(!refuses.is_valid(&value), "the schema accepts {mistake}");
        assert!(!errors(site.path()).is_empty(), "the reader accepts {mistake}");
    };
    for mistake in [
        "audiance: [soc]",
        "tlp: white",
        "tlp:",
        "audience:",
        "draft: maybe",
        "severity: bad",
        "severity: unknown",
        "updated: 2026-13-01",
        "updated: 16.11.2026",
        "updated: 2026-11-16T12:00",
        "updated: 2026-11-16T12:00:00+26:00",
        "updated: 2026-11-16T12:00:00+01:60",
        "vulnerabilities: [CVE-25-1]",
        "techniques: [T105]",
        "slug: ../../x",
        "slug: a/b",
        "redirects: [é]",
        "tags: {a: b}",
        "alerts: [x]",
        "alerts: {title: [x]}",
        "detections: [{product: x}]",
        "detections: [{name: x, generic: 3}]",
        "mitigations: [{action: x, due: soon}]",
        "references: [{title: x, url: 'ftp://x'}]",
        "changes: [{date: 2026-11-02}]",
        "changes: [{date: 2026-11-02, summary: x, kind: other}]",
        "indicators: list.txt",
        "indicators: [{type: ip, value: x}]",
        "indicators: [{type: ipv4, value: x, confidence: 101}]",
        "configurations: [{name: x}]",
    ] {
        let front = format!("{}{mistake}\n", FRONT.replace("tlp: amber\n", ""));
        both(&report, yaml(&front), site(CONFIGURATION, &front, SNAPSHOT), mistake);
    }
    for (right, wrong) in
        [("activity", "campaign"), ("title: A", "titel: A"), ("2026-11-02", "no"), ("title: A", "title: ' '")]
    {
        let front = FRONT.replace(right, wrong);
        both(&report, yaml(&front), site(CONFIGURATION, &front, SNAPSHOT), wrong);
    }
    for (right, wrong) in [
        ("title: T\n", ""),
        ("clearance: amber", "clearence: amber"),
        ("clearance: amber", "clearance: pink"),
        ("[EMEA]", "[all]"),
        ("https://t", "ftp://t"),
        ("https://t.example/", "https:///x"),
        ("https://t.example/", "https://t.example/?q"),
        ("emea-it:", "a/b:"),
        ("title: T\n", "title: T\nfreshness_days: 0\n"),
        ("title: T\n", "title: T\ntrend_days: 367\n"),
        ("title: T\n", "title: T\nlanguage: 1x\n"),
        ("title: T\n", "title: T\nlinks: {device: 'https://x'}\n"),
        ("title: T\n", "title: T\nlinks: {host: 'https://x/{id}'}\n"),
    ] {
        let configuration = CONFIGURATION.replace(right, wrong);
        both(&config, yaml(&configuration), site(&configuration, FRONT, SNAPSHOT), wrong);
    }
    for wrong in [
        "as_of: now\n",
        "source: native\n",
        "as_of: 2026-11-16\nsource: ocfs\n",
        "as_of: 2026-11-16\nengine: {}\n",
        "as_of: 2026-11-16\nengine: {flight_sql: 'grpc://user@engine:1'}\ntables: {devices: d}\n",
        "as_of: 2026-11-16\nengine: {flight_sql: 'grpc://engine'}\ntables: {devices: d}\n",
        "as_of: 2026-11-16\nengine: {flight_sql: 'grpc://engine:1', timeout_seconds: 0}\ntables: {devices: d}\n",
        "as_of: 2026-11-16\nengine: {flight_sql: 'grpc://engine:1'}\ntables: {device: d}\n",
        "as_of: 2026-11-16\nengine: {flight_sql: 'grpc://engine:1'}\ntables: {devices: d, DeviceInfo: e}\n",
        "as_of: 2026-11-16\nsource: ocsf\nengine: {flight_sql: 'grpc://engine:1'}\ntables: {devices: d}\n",
        "as_of: 2026-11-16\nsource: ocsf\nengine: {flight_sql: 'grpc://engine:1'}\ntables: {detection_finding: d}\n",
        "as_of: 2026-11-16\nsource: ocsf\nengine: {flight_sql: 'grpc://engine:1'}\ntables: {events: ''}\n",
    ] {
        both(&snapshot, yaml(wrong), site(CONFIGURATION, FRONT, wrong), wrong);
    }
}

#[test]
fn other_spellings_that_the_reader_reads_are_valid_too() {
    let [config, report, _, snapshot] = SCHEMAS.map(|of| validator(&schema(of)));
    for source in ["native", "defender-hunting", "defender-export", "ocsf", "scanner.yaml", "content/a/b.yml"] {
        assert_eq!(complaints(&snapshot, &yaml(&format!("{SNAPSHOT}source: {source}\n"))), [""; 0]);
    }
    let front = "title: 2026\ntype: osint\nsummary: S\npublished: 2026-11-02 07:00:00.5+01:00\nupdated:\ntlp: TLP:AMBER+STRICT\n\
                 tags: one\ntechniques: T1190\nvulnerabilities: [cve-2025-53770]\naudience: []\nconfigurations: {id: 2010}\n\
                 references: {title: x}\n";
    assert_eq!(complaints(&report, &yaml(front)), [""; 0]);
    let configuration =
        "title: T\nbase_url: http://t.example:8080/a\nlinks:\nroles:\n  a:\n  b: {groups: EMEA, clearance: Red}\n";
    assert_eq!(complaints(&config, &yaml(configuration)), [""; 0]);
    assert_eq!(errors(site(configuration, front, SNAPSHOT).path()), Vec::<Value>::new());
}

#[test]
fn tables_of_other_programs_are_known_to_both() {
    let schema = schema("snapshot");
    let validator = validator(&schema);
    let conditions = schema["allOf"].as_array().unwrap();
    let of = |source: &str| conditions.iter().find(|of| of["if"]["properties"]["source"]["const"] == source).unwrap();
    for source in ["defender-hunting", "defender-export", "ocsf"] {
        let names = of(source)["then"]["properties"]["tables"]["propertyNames"]["enum"].as_array().unwrap();
        assert!(names.len() > 5, "{names:?}");
        let tables: Map<String, Value> =
            names.iter().map(|name| (name.as_str().unwrap().to_owned(), json!("t"))).collect();
        let head = json!({
            "as_of": "2026-11-16", "source": source, "engine": {"flight_sql": "grpc://127.0.0.1:1"}, "tables": tables,
        });
        assert_eq!(complaints(&validator, &head), [""; 0]);
        let site = site(CONFIGURATION, FRONT, &format!("{head}\n"));
        fs::remove_file(site.path().join("content/snapshots/1/devices.csv")).unwrap();
        let codes: Vec<Value> = errors(site.path()).iter().map(|told| told["code"].clone()).collect();
        assert_eq!(codes, ["TP0432"], "{source}");
    }
    let own = "as_of: 2026-11-16\nsource: scanner.yaml\nengine: {flight_sql: 'grpc://e:1'}\ntables: {hosts: h}\n";
    assert_eq!(complaints(&validator, &yaml(own)), [""; 0]);
}

/// Rows of a table that between them hold every word of every column.
fn rows(table: &Value) -> Vec<Value> {
    let properties = table["properties"].as_object().unwrap();
    let words = |property: &Value| {
        let nested = property["anyOf"].as_array().into_iter().flatten();
        nested.chain([property]).find_map(|value| value["enum"].as_array().cloned()).unwrap_or_default()
    };
    let most = properties.values().map(|property| words(property).len()).max().unwrap_or(0).max(1);
    let value = |column: &str, property: &Value, row: usize| {
        let words = words(property);
        let kind = property.to_string();
        match column {
            "device_id" => json!("d1"),
            "cve_id" => json!("CVE-2025-53770"),
            "redirect_to" => Value::Null,
            // Rows of one device, alert or incident say the same.
            "device_group" | "name" if properties.contains_key("device_group") => json!("EMEA"),
            _ if !words.is_empty() => words[row % words.len()].clone(),
            _ if column.ends_with("_id") => json!(format!("{column}-{row}")),
            _ if kind.contains("0-9]{4}-") => json!("2026-11-01T00:00:00Z"),
            _ if kind.contains(r#""boolean""#) && !kind.contains(r#""string""#) => json!(row.is_multiple_of(2)),
            _ if kind.contains(r#""maximum""#) => json!(7.5),
            _ => json!("x"),
        }
    };
    (0..most)
        .map(|row| {
            Value::Object(properties.iter().map(|(key, property)| (key.clone(), value(key, property, row))).collect())
        })
        .collect()
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

#[test]
fn rows_that_are_valid_are_read_without_a_note() {
    let schema = schema("snapshot");
    let site = site(CONFIGURATION, FRONT, SNAPSHOT);
    fs::remove_file(site.path().join("content/snapshots/1/devices.csv")).unwrap();
    let tables = schema["$defs"].as_object().unwrap();
    for (table, row_schema) in tables {
        let rows = rows(row_schema);
        for row in &rows {
            assert_eq!(complaints(&validator(row_schema), row), [""; 0], "{table}: {row}");
        }
        assert!(!row_schema.to_string().contains("A column that is read."), "{table} has a column nobody described");
        write(site.path(), &format!("content/snapshots/1/{table}.ndjson"), &lines(&rows));
    }
    // The report is as short as can be, and an invented redirect leads nowhere.
    let expected = |told: &Value| ["TP0315", "TP0411"].contains(&told["code"].as_str().unwrap());
    let told: Vec<Value> = told(site.path()).into_iter().filter(|told| !expected(told)).collect();
    assert_eq!(told, Vec::<Value>::new());
}

#[test]
fn rows_that_the_reader_cannot_use_are_not_valid() {
    let schema = schema("snapshot");
    for (table, row_schema) in schema["$defs"].as_object().unwrap() {
        let validator = validator(row_schema);
        let rows = rows(row_schema);
        let file = format!("content/snapshots/1/{table}.ndjson");
        let with = |change: &dyn Fn(&mut Map<String, Value>)| {
            let mut changed = rows.clone();
            changed.iter_mut().for_each(|row| change(row.as_object_mut().unwrap()));
            assert!(!changed.iter().any(|row| validator.is_valid(row)), "{table}: {}", changed[0]);
            let site = site(CONFIGURATION, FRONT, SNAPSHOT);
            if table == "devices" {
                fs::remove_file(site.path().join("content/snapshots/1/devices.csv")).unwrap();
            }
            write(site.path(), &file, &lines(&changed));
            told(site.path())
                .into_iter()
                .filter_map(|line| line["code"].as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        for column in row_schema["required"].as_array().unwrap() {
            let codes = with(&|row| {
                row.remove(column.as_str().unwrap());
            });
            assert!(codes.contains(&"TP0403".to_owned()), "{table} without {column}: {codes:?}");
        }
        let codes = with(&|row| {
            row.insert("qqqq".to_owned(), json!(1));
        });
        assert!(codes.contains(&"TP0404".to_owned()), "{table} with another column: {codes:?}");
        for (column, property) in row_schema["properties"].as_object().unwrap() {
            let may_be_empty = property["anyOf"].as_array().is_some_and(|all| all.contains(&json!({"type": "null"})));
            if !may_be_empty {
                let codes = with(&|row| {
                    row.insert(column.clone(), Value::Null);
                });
                assert!(codes.contains(&"TP0405".to_owned()), "{table} with an empty {column}: {codes:?}");
            }
        }
    }
}

#[test]
fn the_guide_for_editors_says_what_there_is() {
    let guide = include_str!("../../docs/editors.md");
    for of in SCHEMAS {
        assert!(
            guide.contains(&format!("threatpress schema {of} > ")),
            "docs/editors.md does not make the schema of {of}"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(guide.contains(&format!("threatpress completions {shell}")), "{shell}");
    }
    let blocks: Vec<&str> = guide.split("```json").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        assert!(serde_json::from_str::<Value>(block).is_ok(), "no JSON: {block}");
    }
}
