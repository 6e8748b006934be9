//! Images, live figures, and the report's own charts and tables.

use super::ImageTarget;
use super::links::is_safe;
use super::writer::Writer;
use crate::scope::markdown::{Embedded, FigurePath, Image};

impl Writer<'_> {
    pub(super) fn figure(&mut self, path: &FigurePath) {
        match self.context.figure(path) {
            Some(value) => self.out.tags("<span class=\"figure\">").text(&value),
            None => self.out.tags("<span class=\"figure figure-unknown\">not available"),
        };
        self.out.tags("</span>");
    }

    /// A chart or table of the report. The text has one prefix for the ids of each.
    pub(super) fn embedded(&mut self, embedded: Embedded) {
        self.embedded += 1;
        let prefix = format!("text-{}-", self.embedded);
        match self.context.embedded(embedded, &prefix) {
            Some(html) => _ = self.out.html(&html),
            None => {
                let (kind, name) = match embedded {
                    Embedded::Chart(name) => ("chart", name),
                    Embedded::Table(name) => ("table", name),
                };
                self.out.tags("<p class=\"empty\">The ").tags(kind).tags(" <code>").text(name);
                self.out.tags("</code> is not available.</p>\n");
            }
        }
    }

    pub(super) fn image(&mut self, image: &Image) {
        let file = |name: &str| self.context.image(name).filter(|target| is_safe(&target.url));
        let (shown, larger) = (file(&image.source), image.lightbox.as_deref().and_then(file));
        match (shown, image.block) {
            (Some(shown), true) => self.block_image(image, &shown, larger),
            (Some(shown), false) => self.img(image, &shown),
            (None, true) => {
                self.out.tags("<figure class=\"image image-missing\"><figcaption>").text(&image.alt);
                self.out.tags("</figcaption></figure>\n");
            }
            (None, false) => _ = self.out.tags("<span class=\"image-missing\">").text(&image.alt).tags("</span>"),
        }
    }

    fn block_image(&mut self, image: &Image, shown: &ImageTarget, larger: Option<ImageTarget>) {
        self.out.tags("<figure class=\"image\">");
        let larger = larger.filter(|_| !self.in_link);
        if let Some(larger) = &larger {
            self.out.tags("<a class=\"lightbox\"").url("href", &larger.url).tags(">");
        }
        self.img(image, shown);
        if larger.is_some() {
            self.out.tags("</a>");
        }
        if !image.caption.is_empty() {
            self.out.tags("<figcaption>").text(&image.caption).tags("</figcaption>");
        }
        self.out.tags("</figure>\n");
    }

    fn img(&mut self, image: &Image, target: &ImageTarget) {
        self.out.tags("<img").url("src", &target.url).attribute("alt", &image.alt);
        if let Some((width, height)) = target.size {
            self.out.measure("width", width).measure("height", height);
        }
        self.out.tags(" loading=\"lazy\" decoding=\"async\">");
    }
}
