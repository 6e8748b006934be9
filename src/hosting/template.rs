//! Templates: text with names between `<` and `>`.

/// The template with each `<name>` replaced by the value of that name. Values are not looked at
/// again, so that none can stand for another; a name without a value stays.
pub(super) fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let value = after.split_once('>').and_then(|(name, after)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
        });
        let (value, after) = value.unwrap_or(("<", after));
        out.push_str(value);
        rest = after;
    }
    out + rest
}

/// The lines, each after the first behind so much `indent`.
pub(super) fn lines(lines: impl IntoIterator<Item = String>, indent: &str) -> String {
    lines.into_iter().collect::<Vec<_>>().join(&format!("\n{indent}"))
}
