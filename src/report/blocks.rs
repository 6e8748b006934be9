use crate::{diagnostics::*, terms::Tlp};
use std::{collections::BTreeSet, ops::Range, sync::Arc};
pub struct Block {
    pub groups: BTreeSet<String>,
    pub tlp: Option<Tlp>,
    pub marker: Range<usize>,
}
pub struct Blocks;
pub struct CutText;
impl Blocks {
    pub fn find(_: &Arc<Source>, _: Range<usize>, _: &mut Diagnostics) -> Self {
        Self
    }
    pub fn iter(&self) -> impl Iterator<Item = &Block> {
        std::iter::empty()
    }
    pub fn signature(&self, _: impl Fn(&Block) -> bool) -> Vec<bool> {
        vec![]
    }
    pub fn cut(&self, _: &Arc<Source>, _: &[bool]) -> CutText {
        CutText
    }
}
