//! Indicators: a list in front matter, or a CSV or STIX file beside the report.

use std::path::Path;
use std::sync::Arc;

use super::Indicator;
use super::keys::INDICATOR;
use super::quotes::{self, Flaw};
use super::read::MOMENT_FORM;
use super::stix;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Source, nearest, read_plain, visible};
use crate::report::Origin;
use crate::report::beside::file_beside;
use crate::terms::{IndicatorType, Moment, Tlp, refanged};
use crate::yaml::{self, Kind, Map, Node};

const COLUMNS: [&str; 7] = ["type", "value", "description", "first_seen", "last_seen", "confidence", "tlp"];
/// The largest indicator file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

pub(super) fn read(map: &mut Map<'_>, origin: &Origin, diagnostics: &mut Diagnostics) -> Vec<Indicator> {
    let source = map.source();
    match map.get("indicators") {
        None => Vec::new(),
        Some(Node { kind: Kind::Scalar(name), span }) => {
            let place = |code, message: String| Diagnostic::error(code, message).at(source, span.clone());
            match beside(origin, name) {
                Ok(file) if is_stix(name) => stix::read(&file, diagnostics),
                Ok(file) => csv(&file, diagnostics),
                Err(problem) => {
                    diagnostics.push(place(Code::Indicators, problem).hint(
                        "name a .csv file with the columns type and value, or a STIX .json file, beside the report",
                    ));
                    Vec::new()
                }
            }
        }
        Some(_) => map.list("indicators").iter().filter_map(|node| one(source, node, diagnostics)).collect(),
    }
}

/// Whether a file of this name is read as STIX.
fn is_stix(name: &str) -> bool {
    name.to_lowercase().ends_with(".json")
}

/// The text of an indicator file beside the report.
fn beside(origin: &Origin, name: &str) -> Result<Arc<Source>, String> {
    let shown = visible(name);
    if !name.to_lowercase().ends_with(".csv") && !is_stix(name) {
        return Err(format!("`{shown}` is not the name of a CSV or STIX file beside the report"));
    }
    let path = file_beside(origin, name, LARGEST)?;
    let report = Path::new(origin.source.name()).parent().unwrap_or(Path::new(""));
    let bytes = read_plain(&path, LARGEST).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("`{shown}` is not UTF-8 text"))?;
    Ok(Source::new(report.join(name).display().to_string(), text.trim_start_matches('\u{feff}')))
}

fn one(source: &Arc<Source>, node: &Node, diagnostics: &mut Diagnostics) -> Option<Indicator> {
    let mut map = Map::open(source, node, &INDICATOR, diagnostics)?;
    let kind = map.require("type", &types(), diagnostics);
    let kind = kind.and_then(|node| yaml::value(source, node, "type", &types(), diagnostics, IndicatorType::parse));
    let value = map.required_text("value", "the indicator itself", diagnostics);
    let description = map.text("description", diagnostics);
    let first_seen = map.value("first_seen", MOMENT_FORM, diagnostics, Moment::parse);
    let last_seen = map.value("last_seen", MOMENT_FORM, diagnostics, Moment::parse);
    let confidence = map.value("confidence", CONFIDENCE_FORM, diagnostics, confidence);
    let tlp = map.value("tlp", Tlp::FORM, diagnostics, Tlp::parse);
    let written = map.get("value");
    map.finish(diagnostics);
    let (kind, value) = (kind?, live(kind?, &value?));
    if let (Some(doubt), Some(node)) = (doubt(kind, &value), written) {
        diagnostics.push(doubt.at(source, node.span.clone()));
    }
    Some(Indicator { kind, value, description, first_seen, last_seen, confidence, tlp })
}

/// A word on a value that its type cannot have. Pages show it as it was written; what is made for tools leaves it out.
fn doubt(kind: IndicatorType, value: &str) -> Option<Diagnostic> {
    let told = || {
        let message = format!("`{}` is no value of the type `{}`", visible(value), kind.word());
        let hint = format!("write {}, or give it another type; files for other tools leave it out", kind.form());
        Diagnostic::warning(Code::Indicators, message).hint(hint).strict()
    };
    (!kind.fits(value)).then(told)
}

/// The value as a machine writes it. Authors may write what names something on a network defanged.
fn live(kind: IndicatorType, value: &str) -> String {
    use IndicatorType::{Domain, Email, Ipv4, Ipv6, Url};
    if matches!(kind, Domain | Email | Ipv4 | Ipv6 | Url) { refanged(value) } else { value.to_owned() }
}

const CONFIDENCE_FORM: &str = "a whole number, 0 to 100";

fn types() -> String {
    let words: Vec<_> = IndicatorType::ALL.iter().map(|kind| kind.word()).collect();
    format!("one of {}", words.join(", "))
}

fn confidence(text: &str) -> Option<u8> {
    text.parse().ok().filter(|confidence| *confidence <= 100)
}

fn csv(file: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<Indicator> {
    let flaws = quotes::flaws(file.text());
    if !flaws.is_empty() {
        // Which rows there are, nobody can say.
        flaws.into_iter().for_each(|flaw| diagnostics.push(misquoted(file, flaw)));
        return Vec::new();
    }
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file.text().as_bytes());
    let Some(columns) = columns(file, &mut reader, diagnostics) else {
        return Vec::new();
    };
    let mut indicators = Vec::new();
    for (row, record) in (1..).zip(reader.records()) {
        match record {
            Ok(record) => indicators.extend(Row { file, row, columns: &columns, record: &record }.read(diagnostics)),
            Err(error) => {
                let line = error.position().and_then(|position| line(file, position));
                // Its own words name the line as it counts them.
                let message = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("the row has {len} fields, the first line names {expected_len}")
                    }
                    _ => format!("not a row of this table: {error}"),
                };
                diagnostics.push(
                    Diagnostic::error(Code::Indicators, message)
                        .in_row(file.name(), row, line)
                        .hint("give every row as many fields as the first line has"),
                );
            }
        }
    }
    indicators
}

fn misquoted(file: &Arc<Source>, flaw: Flaw) -> Diagnostic {
    let (message, at) = match flaw {
        Flaw::Open(at) => ("a quote that is opened here is not closed", at),
        Flaw::Behind(at) => ("something stands behind a closing quote", at),
    };
    Diagnostic::error(Code::Indicators, message)
        .at(file, at)
        .hint("put the whole value in quotes; inside them, a quote is written twice")
}

/// The line of a record, before which the reader may have passed over empty lines.
fn line(file: &Arc<Source>, position: &csv::Position) -> Option<u64> {
    let start = usize::try_from(position.byte()).ok()?;
    let text = file.text().get(start..)?;
    let record = start + text.len() - text.trim_start_matches(['\n', '\r']).len();
    u64::try_from(file.position(record).line).ok()
}

/// For each of [`COLUMNS`], where it stands.
fn columns(
    file: &Arc<Source>,
    reader: &mut csv::Reader<&[u8]>,
    diagnostics: &mut Diagnostics,
) -> Option<[Option<usize>; COLUMNS.len()]> {
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_lowercase).collect(),
        Err(error) => {
            diagnostics.push(Diagnostic::error(Code::Indicators, error.to_string()).in_file(file.name()));
            return None;
        }
    };
    let at = file.line(file.text().lines().position(|line| !line.is_empty()).unwrap_or(0) + 1);
    let is_again = |place: usize, name: &String| header.iter().position(|other| other == name) != Some(place);
    for (_, name) in header.iter().enumerate().filter(|(place, name)| is_again(*place, name)) {
        diagnostics.push(
            Diagnostic::error(Code::Indicators, format!("the column `{}` stands there twice", visible(name)))
                .at(file, at.clone())
                .hint("remove or rename one of them"),
        );
    }
    for name in header.iter().filter(|name| !COLUMNS.contains(&name.as_str())) {
        let hint = nearest(name, COLUMNS).map_or_else(
            || format!("known columns: {}", COLUMNS.join(", ")),
            |known| format!("did you mean `{known}`?"),
        );
        diagnostics.push(
            Diagnostic::error(Code::Indicators, format!("unknown column `{}`", visible(name)))
                .at(file, at.clone())
                .hint(hint),
        );
    }
    let found = COLUMNS.map(|column| header.iter().position(|name| name == column));
    if found[0].is_none() || found[1].is_none() {
        diagnostics.push(
            Diagnostic::error(Code::Indicators, "the columns `type` and `value` are needed")
                .at(file, at)
                .hint(format!("begin the file with a line such as {}", COLUMNS.join(","))),
        );
        return None;
    }
    Some(found)
}

/// One row of an indicator file.
struct Row<'a> {
    file: &'a Arc<Source>,
    row: u64,
    columns: &'a [Option<usize>; COLUMNS.len()],
    record: &'a csv::StringRecord,
}

impl Row<'_> {
    fn read(&self, diagnostics: &mut Diagnostics) -> Option<Indicator> {
        let kind = self.value(0, &types(), diagnostics, IndicatorType::parse);
        let value = self.text(1);
        if self.text(0).is_none() || value.is_none() {
            self.complain("`type` and `value` are needed in every row", "fill both in, or remove the row", diagnostics);
        }
        let description = self.text(2).map(str::to_owned);
        let first_seen = self.value(3, MOMENT_FORM, diagnostics, Moment::parse);
        let last_seen = self.value(4, MOMENT_FORM, diagnostics, Moment::parse);
        let confidence = self.value(5, CONFIDENCE_FORM, diagnostics, confidence);
        let tlp = self.value(6, Tlp::FORM, diagnostics, Tlp::parse);
        let (kind, value) = (kind?, live(kind?, value?));
        if let Some(doubt) = doubt(kind, &value) {
            diagnostics.push(doubt.in_row(self.file.name(), self.row, self.line()));
        }
        Some(Indicator { kind, value, description, first_seen, last_seen, confidence, tlp })
    }

    fn line(&self) -> Option<u64> {
        self.record.position().and_then(|position| line(self.file, position))
    }

    fn text(&self, column: usize) -> Option<&str> {
        self.columns[column].and_then(|at| self.record.get(at)).filter(|text| !text.is_empty())
    }

    fn value<T>(
        &self,
        column: usize,
        form: &str,
        diagnostics: &mut Diagnostics,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column)?;
        let value = read(text);
        if value.is_none() {
            let message = format!("`{}` cannot be `{}`", COLUMNS[column], visible(text));
            self.complain(&message, &format!("write {form}"), diagnostics);
        }
        value
    }

    fn complain(&self, message: &str, hint: &str, diagnostics: &mut Diagnostics) {
        let problem = Diagnostic::error(Code::Indicators, message).in_row(self.file.name(), self.row, self.line());
        diagnostics.push(problem.hint(hint));
    }
}
