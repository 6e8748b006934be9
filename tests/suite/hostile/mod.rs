//! Text from strangers in every field: no page, table, feed or message may become anything but
//! that text.

mod build;
mod growth;
mod knowledge;
mod links;
mod marks;
mod site;
mod strings;
mod terminal;
