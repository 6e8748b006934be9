//! Charts and tables of a report within its text: as the template's components `chart` and
//! `data_table` show them elsewhere. The text may be of any script, these are not.

use super::markup::Markup;
use super::{Html, drawing, rows};
use crate::pages::{Chart, Table};

/// A chart, with `prefix` before its ids.
pub(super) fn chart(chart: &Chart, prefix: &str, root: &str) -> Html {
    let id = format!("{prefix}{}", chart.name);
    let mut out = Markup::default();
    out.tags("<figure class=\"chart-block\" lang=\"en\" dir=\"ltr\"")
        .attribute("id", &id)
        .tags(">\n<figcaption><strong>");
    out.text(&chart.title).tags("</strong> ").text(&chart.description).tags("</figcaption>\n");
    out.html(&drawing::svg(chart, &id)).tags("\n<details><summary>The numbers of this chart</summary>");
    block(&mut out, &chart.table, &format!("{prefix}chart-"), None, root);
    out.tags("</details>\n</figure>\n");
    out.finish()
}

/// A table, with `prefix` before its ids.
pub(super) fn table(table: &Table, prefix: &str, root: &str) -> Html {
    let mut out = Markup::default();
    block(&mut out, table, prefix, Some(table.download.href.as_str()), root);
    out.finish()
}

fn block(out: &mut Markup, table: &Table, prefix: &str, download: Option<&str>, root: &str) {
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
    out.tags("</tr></thead>\n<tbody>\n").html(&rows::html(table, root)).tags("</tbody>\n</table>\n</div>");
    for note in &table.notes {
        out.tags("\n<p class=\"note\">").text(note).tags("</p>");
    }
    if let Some(path) = download {
        out.tags("\n<p class=\"download\"><a href=\"").text(root).text(path).tags("\" download>Download CSV");
        out.tags("<span class=\"visually-hidden\">: ").text(&table.caption).tags("</span></a></p>");
    }
    out.tags("</div>\n");
}
