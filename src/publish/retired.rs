//! Builds of roles that are no more. They go on being served as long as they stand, so they are
//! told of, and removed when somebody says so.

use std::path::PathBuf;

use super::disk::Kind;
use super::occupant::Occupant;
use super::output::{disturbed, is_aside, retire};
use super::refusal::Refusal;
use super::{MANIFEST, Output, manifest, path};
use crate::diagnostics::{Code, Diagnostic};

/// A build in the output of a role that the site does not name any more.
#[derive(Debug)]
pub struct Retired<'output> {
    output: &'output Output,
    name: String,
}

/// Names compare without case: where the file system ignores it, `SOC` may be the place of `soc`.
pub(super) fn find<'output>(output: &'output Output, roles: &[&str]) -> Result<Vec<Retired<'output>>, Refusal> {
    let roles: Vec<String> = roles.iter().map(|role| path::fold(role)).collect();
    let mut retired = Vec::new();
    for (name, kind) in output.dir.entries()? {
        let Some(name) = name.to_str().filter(|name| !is_aside(name)) else { continue };
        if kind == Kind::Directory
            && !roles.contains(&path::fold(name))
            && Occupant::of(&output.dir, name)? == Occupant::Build
        {
            retired.push(Retired { output, name: name.to_owned() });
        }
    }
    Ok(retired)
}

impl Retired<'_> {
    /// The directory's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The warning that it is still there.
    #[must_use]
    pub fn warning(&self) -> Diagnostic {
        let message = format!("a build of `{}` still stands here, and the site has no such role any more", self.name);
        Diagnostic::warning(Code::RetiredRole, message)
            .in_file(self.place().display().to_string())
            .hint("whoever could read it still can: build with --prune to remove it, or remove the directory yourself")
    }

    /// Removes it: readers lose it in one step.
    ///
    /// # Errors
    /// `RetiredRole` when its manifest names another role, since then somebody put it there by
    /// hand; `Disturbed` when it changes meanwhile; `Disk` when the disk refuses.
    pub fn remove(self) -> Result<(), Diagnostic> {
        let Output { dir, workshop, .. } = self.output;
        let build = dir.descend(&self.name)?;
        if manifest::marked_role(&build.read(MANIFEST)?).as_deref() != Some(self.name.as_str()) {
            return Err(self.renamed());
        }
        let aside = self.output.fresh(&self.name);
        dir.rename(&self.name, workshop, &aside)?;
        if !build.is_at(workshop, &aside)? {
            workshop.rename(&aside, dir, &self.name)?;
            return Err(disturbed(&self.place(), "another directory has been put in its place"));
        }
        dir.sync()?;
        Ok(retire(workshop, &aside)?)
    }

    fn place(&self) -> PathBuf {
        self.output.place(&self.name)
    }

    fn renamed(&self) -> Diagnostic {
        let message = format!("the build in `{}` was made for another role, so --prune leaves it", self.name);
        Diagnostic::error(Code::RetiredRole, message)
            .in_file(self.place().display().to_string())
            .hint("somebody renamed or copied it: remove the directory yourself, or move it out of the output")
    }
}
