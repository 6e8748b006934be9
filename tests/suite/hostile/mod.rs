//! Text from strangers in every field: no page, table, feed or message may become anything but
//! that text.

mod build;
mod dom;
mod growth;
mod knowledge;
mod links;
mod marks;
mod site;
mod strings;
mod terminal;

/// The texts of a page, in their order.
pub(crate) fn texts(html: &str) -> Vec<String> {
    dom::read(html).unwrap().texts
}
