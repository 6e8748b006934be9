//! Links to indicators, as text that nobody can follow.

use std::borrow::Cow;

use pulldown_cmark::{Event as Raw, Tag, TagEnd};

use super::{Destination, Document, Event, outline, tables};
use crate::report::Reference;
use crate::report::live::{LiveIndicators, host, without_scheme};
use crate::terms::{IndicatorType, defanged, refanged};

impl Document {
    /// The document with every link that leads to one of `live` as its text alone, defanged, and the
    /// defanged destination behind it where the text does not say it. `None` where there is no such
    /// link.
    #[must_use]
    pub fn disarmed(&self, live: &LiveIndicators) -> Option<Self> {
        if !self.links.iter().any(|link| live.met(&link.destination).is_some()) {
            return None;
        }
        let mut document = self.clone();
        document.links.retain(|link| live.met(&link.destination).is_none());
        document.body = disarmed(&self.body, live);
        document.footnotes = self.footnotes.iter().map(|footnote| disarmed(footnote, live)).collect();
        let texts = outline::texts(document.body.iter().chain(document.footnotes.iter().flatten()));
        for (heading, text) in document.headings.iter_mut().zip(texts) {
            heading.text = text;
        }
        let names = tables::names(document.events(), &document.headings);
        for (table, name) in document.tables.iter_mut().zip(names) {
            table.name = name;
        }
        Some(document)
    }
}

impl Reference {
    /// The source with its address as text behind the title, where that leads to one of `live`.
    #[must_use]
    pub fn disarmed(&self, live: &LiveIndicators) -> Option<Self> {
        let url = self.url.as_deref().filter(|url| live.met(url).is_some())?;
        let mut target = Target::of(url)?;
        let title = target.said(&self.title).into_owned() + &target.behind().unwrap_or_default();
        Some(Self { title, url: None, accessed: self.accessed })
    }
}

fn disarmed(events: &[Event], live: &LiveIndicators) -> Vec<Event> {
    let mut out = Vec::with_capacity(events.len());
    let mut link: Option<Target> = None;
    for event in events {
        match event {
            Event::Markdown(Raw::Start(Tag::Link { dest_url, .. })) if live.met(dest_url).is_some() => {
                link = Target::of(dest_url);
            }
            Event::Markdown(Raw::End(TagEnd::Link)) => match link.take() {
                Some(target) => {
                    out.extend(target.behind().map(|text| Event::Markdown(Raw::Text(text.into()))));
                }
                None => out.push(event.clone()),
            },
            event => out.push(match &mut link {
                Some(target) => target.within(event),
                None => event.clone(),
            }),
        }
    }
    out
}

/// Where a link leads that nobody may follow.
struct Target {
    kind: IndicatorType,
    /// As it is typed into a browser or a mail program.
    address: String,
    /// The part of it that a text may name alone: the host, or the whole mailbox.
    name: String,
    /// The link's text so far.
    text: String,
}

impl Target {
    fn of(destination: &str) -> Option<Self> {
        let (kind, address) = match Destination::read(destination)? {
            Destination::External(url) => (IndicatorType::Url, url),
            Destination::Mail(url) => {
                (IndicatorType::Email, url.split_once(':').map_or(url.as_str(), |(_, rest)| rest).to_owned())
            }
            Destination::Anchor(_) | Destination::Relative(_) => return None,
        };
        let name = if kind == IndicatorType::Url { host(without_scheme(&address)) } else { &address };
        Some(Self { kind, name: name.to_owned(), address, text: String::new() })
    }

    /// An event of the link's text.
    fn within(&mut self, event: &Event) -> Event {
        match event {
            Event::Markdown(Raw::Text(text)) => Event::Markdown(Raw::Text(self.said(text).into_owned().into())),
            Event::Markdown(Raw::Code(code)) => Event::Markdown(Raw::Code(self.said(code).into_owned().into())),
            event => {
                self.text.push_str(event.text().unwrap_or_default());
                event.clone()
            }
        }
    }

    /// A part of the text as it is shown.
    fn said<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        self.text.push_str(text);
        self.defanged(text)
    }

    /// A part of the text, with what it says of the target defanged.
    fn defanged<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains("://") {
            return self.without_name(text);
        }
        // Whole addresses first: the names in them have no dots any more that could be found.
        let text = defanged(IndicatorType::Other, text);
        Cow::Owned(self.without_name(&text).into_owned())
    }

    /// A part of the text, with the target's name defanged.
    fn without_name<'a>(&self, text: &'a str) -> Cow<'a, str> {
        // Only ASCII is folded, so that offsets hold.
        let (folded, name) = (text.to_ascii_lowercase(), self.name.to_ascii_lowercase());
        if name.is_empty() || !folded.contains(&name) {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        let mut done = 0;
        for (at, name) in folded.match_indices(&name) {
            out.push_str(&text[done..at]);
            done = at + name.len();
            let kind = match self.kind {
                IndicatorType::Url if name.contains(':') => IndicatorType::Ipv6,
                IndicatorType::Url => IndicatorType::Domain,
                kind => kind,
            };
            out.push_str(&defanged(kind, &text[at..done]));
        }
        Cow::Owned(out + &text[done..])
    }

    /// The target, defanged, unless the text said it.
    fn behind(self) -> Option<String> {
        let bare = |address: &str| without_scheme(&address.trim().to_lowercase()).to_owned();
        if bare(refanged(&self.text).trim_start_matches("mailto:")) == bare(&self.address) {
            return None;
        }
        Some(format!(" ({})", defanged(self.kind, &self.address)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostics::{Diagnostics, Source};
    use crate::report::Indicator;
    use crate::report::blocks::CutText;

    fn shown(text: &str) -> Option<Document> {
        let source: Arc<Source> = Source::new("a.md", text);
        let document = Document::parse(&CutText::whole(&source, 0..text.len()), &mut Diagnostics::new());
        let indicators = [
            Indicator::new(IndicatorType::Domain, "evil.example"),
            Indicator::new(IndicatorType::Ipv6, "2001:db8::1"),
            Indicator::new(IndicatorType::Url, "https://git.example/a/b"),
            Indicator::new(IndicatorType::Email, "a@b.example"),
        ];
        document.disarmed(&LiveIndicators::of(indicators.iter()))
    }

    #[test]
    fn a_link_to_an_indicator_is_its_defanged_text() {
        for (text, expected) in [
            ("<https://evil.example/x.php>", "hxxps://evil[.]example/x.php"),
            ("[https://EVIL.example](http://evil.example/)", "hxxps://EVIL[.]example"),
            ("[evil.example](https://evil.example)", "evil[.]example"),
            ("[`evil.example`](https://evil.example/x)", "evil[.]example (hxxps://evil[.]example/x)"),
            ("[evil[.]example](https://evil.example)", "evil[.]example"),
            ("[see *here*](https://www.evil.example:8080/x)", "see here (hxxps://www[.]evil[.]example:8080/x)"),
            ("[b](https://git.example/a/b \"t\")", "b (hxxps://git[.]example/a/b)"),
            ("[x](http://[2001:db8::1]/y)", "x (hxxp://[2001:db8::1]/y)"),
            ("<a@b.example>", "a[@]b[.]example"),
            ("[write](mailto:a@b.example?subject=x)", "write (a[@]b[.]example?subject=x)"),
            ("[](https://evil.example)", " (hxxps://evil[.]example)"),
        ] {
            let document = shown(text).unwrap_or_else(|| panic!("{text}: no such link"));
            assert_eq!(document.plain().trim_end(), expected, "{text}");
            let links =
                document.events().filter(|event| matches!(event, Event::Markdown(Raw::Start(Tag::Link { .. }))));
            assert_eq!((links.count(), document.links().len()), (0, 0), "{text}");
        }
    }

    #[test]
    fn a_source_that_is_an_indicator_has_its_address_as_text() {
        let indicator = Indicator::new(IndicatorType::Domain, "evil.example");
        let live = LiveIndicators::of([indicator].iter());
        let of = |title: &str, url: &str| {
            Reference { title: title.to_owned(), url: Some(url.to_owned()), accessed: None }.disarmed(&live)
        };
        for (title, url, expected) in [
            ("The page", "https://evil.example/x", "The page (hxxps://evil[.]example/x)"),
            ("https://evil.example/x", "https://evil.example/x", "hxxps://evil[.]example/x"),
            ("On evil.example", "http://www.evil.example", "On evil.example (hxxp://www[.]evil[.]example)"),
        ] {
            let disarmed = of(title, url).expect("a source that is an indicator");
            assert_eq!((disarmed.title.as_str(), disarmed.url), (expected, None));
        }
        assert_eq!(of("x", "https://good.example"), None);
    }

    #[test]
    fn other_links_and_bare_text_stay_as_they_are() {
        for text in ["[a](https://good.example)", "https://evil.example", "hxxps://evil[.]example", "`evil.example`"] {
            assert!(shown(text).is_none(), "{text}");
        }
        let mixed = shown(
            "# <https://evil.example>\n\n| a |\n|---|\n\n[a](https://good.example) https://evil.example x[^1]\n\n[^1]: [b](https://evil.example/)\n",
        );
        let mixed = mixed.expect("two such links");
        assert_eq!(mixed.headings()[0].text, "hxxps://evil[.]example");
        assert_eq!(
            (mixed.tables()[0].name.as_str(), mixed.tables()[0].id.as_str()),
            ("hxxps://evil[.]example: a", "h-table-1")
        );
        assert_eq!(mixed.links().len(), 1);
        assert_eq!(
            mixed.plain().split_whitespace().collect::<Vec<_>>().join(" "),
            "hxxps://evil[.]example a a https://evil.example x b (hxxps://evil[.]example/)"
        );
    }
}
