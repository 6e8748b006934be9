//! The preview: the site as its authors see it while they write.

pub mod watch;
