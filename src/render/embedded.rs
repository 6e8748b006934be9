//! Charts and tables of a report within its text: as the template's components `chart` and
//! `data_table` show them elsewhere. The text may be of any script, these are not.

use super::markup::Markup;
use super::{Html, drawing, rows};
use crate::pages::{Chart, Table};

/// Where a chart or table stands.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Stands before its ids.
    pub(super) prefix: &'a str,
    /// The way from the page to the root.
    pub(super) root: &'a str,
    /// That of what rows say.
    pub(super) language: &'a str,
}

/// A chart.
pub(super) fn chart(chart: &Chart, around: Around<'_>) -> Html {
    let id = format!("{}{}", around.prefix, chart.name);
    let mut out = Markup::default();
    out.tags("<figure class=\"chart-block\" lang=\"en\" dir=\"ltr\"")
        .attribute("id", &id)
        .tags(">\n<figcaption><strong>");
    out.text(&chart.title).tags("</strong> ").text(&chart.description).tags("</figcaption>\n");
    out.html(&drawing::svg(chart, &id)).tags("\n<details><summary>The numbers of this chart</summary>");
    let prefix = format!("{}chart-", around.prefix);
    block(&mut out, &chart.table, Around { prefix: &prefix, ..around }, None);
    out.tags("</details>\n</figure>\n");
    out.finish()
}

/// A table.
pub(super) fn table(table: &Table, around: Around<'_>) -> Html {
    let mut out = Markup::default();
    block(&mut out, table, around, Some(table.download.href.as_str()));
    out.finish()
}

fn block(out: &mut Markup, table: &Table, around: Around<'_>, download: Option<&str>) {
    let Around { prefix, root, language } = around;
    let (id, caption) = (format!("{prefix}{}", table.id), format!("{prefix}{}-caption", table.id));
    out.tags("<div class=\"table-block\" lang=\"en\" dir=\"ltr\"").attribute("id", &id).tags(">");
    if table.rows.shown.is_empty() {
        out.tags("<p class=\"table-title\">").text(&table.caption).tags("</p>\n<p class=\"empty\">");
        out.text(&table.empty).tags("</p></div>\n");
        return;
    }
    // On paper the same table stands once more, in its own place: two regions need two names.
    let name = format!("{}, in the text", table.caption);
    out.tags("<div class=\"scroll\" role=\"region\" tabindex=\"0\"").attribute("aria-label", &name);
    out.tags(">\n<table");
    if let Some(all) = table.rows.all {
        out.attribute("data-rows", &all.to_string());
    }
    out.tags(">\n<caption").attribute("id", &caption).tags(">").text(&table.caption);
    out.tags("</caption>\n<thead><tr>");
    for column in &table.columns {
        out.tags("<th scope=\"col\" class=\"")
            .tags(rows::class(column.kind))
            .tags("\">")
            .text(column.label)
            .tags("</th>");
    }
    out.tags("</tr></thead>\n<tbody").attribute("lang", language).tags(">\n");
    out.html(&rows::html(table, root)).tags("</tbody>\n</table>\n</div>");
    for note in &table.notes {
        out.tags("\n<p class=\"note\">").text(note).tags("</p>");
    }
    if let Some(path) = download {
        out.tags("\n<p class=\"download\"><a href=\"").text(root).text(path).tags("\" download>Download CSV");
        out.tags("<span class=\"visually-hidden\">: ").text(&table.caption).tags("</span></a></p>");
    }
    out.tags("</div>\n");
}

#[cfg(test)]
mod tests {
    use tera::Context;

    use super::*;
    use crate::pages::{Cell, Kind, columns};
    use crate::render::Templates;
    use crate::render::context::tabled;

    /// A table in a text is the template's, but that the text around it may be of another language, and that on paper
    /// the two need two names.
    #[test]
    fn texts_and_templates_show_tables_alike() {
        let templates = Templates::alike("{{ <data_table table={table} prefix=\"text-1-\" /> }}");
        let columns = || columns([("Group", Kind::Text), ("Devices", Kind::Number)]);
        let rows = || (0..3).map(|at| vec![Cell::text("Süd & Ost"), Cell::count(Some(at))]);
        let mut noted = Table::new("threats/x/", "a", "A & b", columns()).rows(rows());
        noted.notes.push("Two of <3>.".to_owned());
        for shown in [noted, Table::new("threats/x/", "a", "A & b", columns())] {
            let mut context = Context::new();
            context.insert("root", "../");
            context.insert("site", &serde_json::json!({"language": "de"}));
            context.insert_value("table", tabled(&shown, "../"));
            let theirs = templates.render("alike.html", &context).expect("rendered");
            let theirs = theirs
                .replace("<div class=\"table-block\"", "<div class=\"table-block\" lang=\"en\" dir=\"ltr\"")
                .replace(" aria-labelledby=\"text-1-a-caption\"", " aria-label=\"A &amp; b, in the text\"");
            let ours = table(&shown, Around { prefix: "text-1-", root: "../", language: "de" });
            assert_eq!(ours.as_str().replace('\n', ""), theirs.replace('\n', ""));
        }
    }
}
