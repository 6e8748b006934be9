// What preview adds to a page.
