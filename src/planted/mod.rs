//! Faults that tests plant where a library is known to panic on some texts, or where a fault of ours would be met. Such
//! panics come and go with versions; these stay. Only the feature `trial` has them.

/// The Markdown parser panics on a text with the word that `THREATPRESS_FAULT_IN_TEXT` names.
pub fn in_text(text: &str) {
    strike("THREATPRESS_FAULT_IN_TEXT", text);
}

/// The highlighter panics on code with the word that `THREATPRESS_FAULT_IN_CODE` names.
pub fn in_code(text: &str) {
    strike("THREATPRESS_FAULT_IN_CODE", text);
}

/// The preview panics when it is told of a change whose path has the word that `THREATPRESS_FAULT_IN_PREVIEW` names.
pub fn in_preview(change: &str) {
    strike("THREATPRESS_FAULT_IN_PREVIEW", change);
}

/// Whether anything is planted by which the same files may make another build. Faults of the disk change no byte of one.
#[must_use]
pub fn is_in_pages() -> bool {
    let mut names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.any(|name| ["THREATPRESS_FAULT_", "THREATPRESS_LEAK"].iter().any(|planted| name.starts_with(planted)))
}

fn strike(variable: &str, text: &str) {
    if std::env::var(variable).is_ok_and(|word| text.contains(&word)) {
        // As silent as the libraries' own panics are made.
        std::panic::resume_unwind(Box::new("the planted fault"));
    }
}
