//! What plotters draws on.

use std::convert::Infallible;

use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::WIDTH;
use crate::render::markup::Markup;

/// The size of text that the layout counts with, in the chart's units.
pub(super) const TEXT: i32 = 16;

/// The classes of a chart's elements. plotters knows only colours, so that each class is sent
/// through it as a colour: its place in this list.
#[derive(Debug)]
pub(super) struct Ink(pub(super) Vec<&'static str>);

impl Ink {
    /// The colour that stands for a class; for one that is not in the list, the first.
    fn colour(&self, class: &str) -> RGBColor {
        let place = self.0.iter().position(|known| *known == class).and_then(|place| u8::try_from(place).ok());
        RGBColor(0, 0, place.unwrap_or_default())
    }

    fn class(&self, colour: BackendColor) -> &'static str {
        self.0.get(usize::from(colour.rgb.2)).copied().unwrap_or_default()
    }

    pub(super) fn line(&self, class: &str) -> ShapeStyle {
        ShapeStyle::from(&self.colour(class))
    }

    pub(super) fn area(&self, class: &str) -> ShapeStyle {
        self.colour(class).filled()
    }

    pub(super) fn text(&self, class: &str, across: HPos, down: VPos) -> TextStyle<'static> {
        let font = FontDesc::new(FontFamily::SansSerif, f64::from(TEXT), FontStyle::Normal);
        TextStyle { font, color: self.colour(class).to_backend_color(), pos: Pos::new(across, down) }
    }
}

/// Writes SVG elements. Fills and strokes are the theme's: `path` and `circle` know by their
/// class which they are.
#[derive(Debug)]
pub(super) struct Canvas<'a> {
    pub(super) height: i32,
    pub(super) ink: &'a Ink,
    pub(super) out: &'a mut Markup,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Canvas<'_> {
    fn points(
        &mut self,
        element: &'static str,
        points: impl IntoIterator<Item = BackendCoord>,
        colour: BackendColor,
    ) -> Drawn {
        if colour.alpha > 0.0 {
            let points: Vec<_> = points.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
            self.out.tags("<").tags(element).attribute("class", self.ink.class(colour));
            self.out.attribute("points", &points.join(" ")).tags("/>");
        }
        Ok(())
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (WIDTH.unsigned_abs(), self.height.unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        self.draw_rect(at, (at.0 + 1, at.1 + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.points("polyline", [from, to], style.color())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.points("polyline", path, style.color())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.points("polygon", corners, style.color())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _: bool) -> Drawn {
        let colour = style.color();
        if colour.alpha > 0.0 {
            self.out.tags("<rect").attribute("class", self.ink.class(colour));
            self.out.measure("x", from.0.min(to.0)).measure("y", from.1.min(to.1));
            self.out.measure("width", from.0.abs_diff(to.0)).measure("height", from.1.abs_diff(to.1)).tags("/>");
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, _: bool) -> Drawn {
        let colour = style.color();
        if colour.alpha > 0.0 {
            self.out.tags("<circle").attribute("class", self.ink.class(colour));
            self.out.measure("cx", centre.0).measure("cy", centre.1).measure("r", radius).tags("/>");
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let anchor = style.anchor();
        // Where the baseline runs: letters rise about 0.7 of the size above it.
        let down = match anchor.v_pos {
            VPos::Top => TEXT * 3 / 4,
            VPos::Center => TEXT * 3 / 8,
            VPos::Bottom => -TEXT / 4,
        };
        self.out
            .tags("<text")
            .attribute("class", self.ink.class(style.color()))
            .measure("x", at.0)
            .measure("y", at.1 + down);
        self.out.tags(match anchor.h_pos {
            HPos::Left => ">",
            HPos::Center => " text-anchor=\"middle\">",
            HPos::Right => " text-anchor=\"end\">",
        });
        self.out.text(text).tags("</text>");
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        _: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Ok((letters.saturating_mul(TEXT.unsigned_abs()) * 3 / 5, TEXT.unsigned_abs()))
    }
}
