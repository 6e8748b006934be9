//! What preview adds to a page on its way out. The page itself stays as it was built.

use memchr::memmem;

const ADDED: &[u8] = b"<link rel=\"stylesheet\" href=\"/.threatpress/preview.css\">\
                       <script type=\"module\" src=\"/.threatpress/preview.js\"></script>";

/// The page with the preview's style sheet and script at the end of its head, or of the page where no head ends.
pub(super) fn inject(page: &[u8]) -> Vec<u8> {
    let (before, after) = page.split_at(memmem::find(page, b"</head>").unwrap_or(page.len()));
    [before, ADDED, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_once_at_the_end_of_the_head() {
        let added = String::from_utf8_lossy(ADDED);
        let inject = |page: &str| String::from_utf8(inject(page.as_bytes())).expect("text");
        assert_eq!(inject("<head>a</head>b</head>"), format!("<head>a{added}</head>b</head>"));
        assert_eq!(inject("plain"), format!("plain{added}"));
        assert_eq!(inject(""), added);
    }
}
