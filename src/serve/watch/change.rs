//! What the system's events mean.

use std::path::PathBuf;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};

/// What one event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// What became of a path.
    Of(PathBuf, Became),
    /// Events are missing: anything may have changed.
    Lost,
}

/// What became of a path, so far as one event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    /// Something is new there. A file may still be empty.
    New,
    /// It is being written, or something about it has changed.
    Written,
    /// It was written and closed, or a finished file was given this name.
    Finished,
    /// It is not there any more, or not for the moment.
    Gone,
}

/// What an event of the system tells. Events that only say that something was read tell nothing.
pub(super) fn changes(event: notify::Result<notify::Event>) -> Vec<Change> {
    // The flag comes with or without paths, and with any kind.
    let Some(event) = event.ok().filter(|event| !event.need_rescan()) else { return vec![Change::Lost] };
    let became = match event.kind {
        EventKind::Create(_) => Became::New,
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Became::Gone,
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Became::Finished,
        // Both names of a renaming are told a second time, after each has been told for itself.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) | EventKind::Access(_) => return Vec::new(),
        EventKind::Modify(ModifyKind::Name(_)) => Became::Finished,
        EventKind::Modify(_) | EventKind::Any | EventKind::Other => Became::Written,
    };
    event.paths.into_iter().map(|path| Change::Of(path, became)).collect()
}

#[cfg(test)]
mod tests {
    use notify::Event;
    use notify::event::{CreateKind, DataChange, Flag, MetadataKind, RemoveKind};

    use super::*;

    #[test]
    fn an_event_says_whether_a_file_is_whole() {
        let told = |kind: EventKind| changes(Ok(Event::new(kind).add_path("x".into())));
        let x = |became| [Change::Of("x".into(), became)];
        assert_eq!(told(EventKind::Create(CreateKind::File)), x(Became::New));
        assert_eq!(told(EventKind::Modify(ModifyKind::Data(DataChange::Any))), x(Became::Written));
        assert_eq!(told(EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any))), x(Became::Written));
        assert_eq!(told(EventKind::Access(AccessKind::Close(AccessMode::Write))), x(Became::Finished));
        assert_eq!(told(EventKind::Modify(ModifyKind::Name(RenameMode::To))), x(Became::Finished));
        assert_eq!(told(EventKind::Modify(ModifyKind::Name(RenameMode::Any))), x(Became::Finished));
        assert_eq!(told(EventKind::Modify(ModifyKind::Name(RenameMode::From))), x(Became::Gone));
        assert_eq!(told(EventKind::Remove(RemoveKind::File)), x(Became::Gone));
        for read in [AccessKind::Open(AccessMode::Any), AccessKind::Close(AccessMode::Read), AccessKind::Read] {
            assert_eq!(told(EventKind::Access(read)), []);
        }
    }

    #[test]
    fn lost_events_are_known_with_and_without_a_path() {
        let rescan = || Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(changes(Ok(rescan())), [Change::Lost]);
        assert_eq!(changes(Ok(rescan().add_path("x".into()))), [Change::Lost]);
        assert_eq!(changes(Err(notify::Error::generic("no more"))), [Change::Lost]);
    }
}
