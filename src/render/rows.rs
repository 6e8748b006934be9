//! The rows of a table. They are most of a build's bytes, so they come to their template ready;
//! what stands around them is the template's.

use super::Html;
use super::markup::Markup;
use crate::pages::{Cell, Kind, Part, Share, Table};

/// The rows that the page shows. `root` is the way from the page to the root.
pub(super) fn html(table: &Table, root: &str) -> Html {
    let mut out = Markup::default();
    for row in &table.rows.shown {
        out.tags("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let kind = table.columns.get(at).map_or(Kind::Text, |column| column.kind);
            // The first cell says what the row is about.
            let (open, close) = if at == 0 { ("<th scope=\"row\"", "</th>") } else { ("<td", "</td>") };
            out.tags(open).tags(" class=\"").tags(class(kind)).tags(if cell.code { " code\">" } else { "\">" });
            value(&mut out, cell, root);
            out.tags(close);
        }
        out.tags("</tr>\n");
    }
    out.finish()
}

pub(super) fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Date => "date",
        Kind::Link => "link",
    }
}

fn value(out: &mut Markup, cell: &Cell, root: &str) {
    let text = cell.parts.first().map_or("", |part| part.text.as_str());
    if cell.missing {
        out.tags(
            "<span class=\"missing\" aria-hidden=\"true\">—</span><span class=\"visually-hidden\">Not available</span>",
        );
    } else if let Some(number) = cell.number {
        out.tags("<data").attribute("value", &number.to_string()).tags(">").text(text).tags("</data>");
        if !cell.course.is_empty() {
            spark(out, &cell.course);
        }
        if let Some(share) = &cell.share {
            bar(out, share);
        }
    } else if let Some(datetime) = &cell.datetime {
        out.tags("<time").attribute("datetime", datetime).tags(">").text(text).tags("</time>");
    } else {
        for (at, one) in cell.parts.iter().enumerate() {
            part(out.tags(if at == 0 { "" } else { ", " }), one, root);
        }
    }
}

/// A piece of text with its link and tone: the template's component `bit`.
fn part(out: &mut Markup, part: &Part, root: &str) {
    let close = match (&part.link, part.tone.as_deref()) {
        (Some(link), _) if link.outside => {
            out.tags("<a class=\"outside\"").attribute("href", &link.href).tags(" rel=\"noopener noreferrer\">");
            "</a>"
        }
        (Some(link), tone) => {
            out.tags("<a");
            if let Some(tone) = tone {
                out.attribute("class", tone);
            }
            out.tags(" href=\"").text(root).text(&link.href).tags("\">");
            "</a>"
        }
        (None, Some("id")) => {
            out.tags("<span class=\"id\">");
            "</span>"
        }
        (None, Some(tone)) => {
            out.tags("<span class=\"chip ").text(tone).tags("\">");
            "</span>"
        }
        (None, None) => "",
    };
    out.text(&part.text).tags(close);
}

/// Counts over the snapshots, drawn small. Its numbers stand in tables of their own.
fn spark(out: &mut Markup, counts: &[u64]) {
    const WIDTH: u64 = 40;
    const HEIGHT: u64 = 12;
    let most = u128::from(counts.iter().max().copied().unwrap_or_default().max(1));
    let steps = (counts.len() as u64).saturating_sub(1).max(1);
    let points = (0..).zip(counts).map(|(at, count): (u64, _)| {
        let height = u128::from(*count) * u128::from(HEIGHT) / most;
        format!("{},{}", at * WIDTH / steps, u128::from(HEIGHT) - height)
    });
    let points = points.collect::<Vec<_>>().join(" ");
    out.tags("<svg class=\"spark\" viewBox=\"-1 -1 42 14\" aria-hidden=\"true\" focusable=\"false\"><polyline");
    out.attribute("points", &points).tags("/></svg>");
}

/// A part of a whole, drawn: the template's component `bar`.
fn bar(out: &mut Markup, share: &Share) {
    out.tags("<svg class=\"bar\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">");
    out.tags("<rect class=\"bar-track\" width=\"100\" height=\"6\"/>");
    out.tags("<rect class=\"bar-").tags(share.tone).tags("\"");
    out.attribute("width", &share.width.to_string()).tags(" height=\"6\"/></svg>");
}

#[cfg(test)]
mod tests {
    use tera::Context;

    use super::*;
    use crate::pages::Link;
    use crate::render::Templates;

    #[test]
    fn counts_over_time_are_drawn_beside_the_last() {
        let table = |history: [Option<u64>; 3]| {
            let cells = vec![Cell::count(Some(5)).with_course(history.into_iter())];
            let table = Table::new("x/", "x", "", crate::pages::columns([("A", Kind::Number)])).rows([cells]);
            html(&table, "../").as_str().to_owned()
        };
        let drawn = table([Some(10), Some(0), Some(5)]);
        assert!(drawn.contains("5</data><svg class=\"spark\""), "{drawn}");
        assert!(drawn.contains("points=\"0,0 20,12 40,6\""), "{drawn}");
        for unknown in [table([Some(1), None, Some(5)]), table([Some(0); 3])] {
            assert!(!unknown.contains("spark"), "{unknown}");
        }
    }

    /// Pieces and bars stand in rows and, through the templates, everywhere else: they look the
    /// same in both.
    #[test]
    fn rows_and_templates_draw_alike() {
        let templates = Templates::alike("{{ <bit part={part} /> }}|{{ <bar share={share} /> }}");
        let links = [None, Some(Link::inside("a/b?/")), Link::outside("https://x.example/?a=1&b=2")];
        let tones = [None, Some("id"), Some("tlp-amber")];
        for (link, tone) in links.iter().flat_map(|link| tones.map(|tone| (link, tone))) {
            let one = Part { text: "<é&\">".into(), link: link.clone(), tone: tone.map(Into::into) };
            let share = Share::of(1, 3).expect("a share");
            let mut context = Context::new();
            context.insert("root", "../");
            context.insert("part", &one);
            context.insert("share", &share);
            let mut rows = Markup::default();
            part(&mut rows, &one, "../");
            rows.tags("|");
            bar(&mut rows, &share);
            assert_eq!(templates.render("alike.html", &context).expect("rendered"), rows.finish().as_str());
        }
    }
}
