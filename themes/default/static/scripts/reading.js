// Where a reader is in a long text: the list of contents marks the section that is being read and
// those that lie behind.

// How near to the upper edge of the window a heading is at it, in pixels.
const EDGE = 96;

let waiting = false;

export function followReading() {
  if (document.querySelector(".contents a")) {
    mark();
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
  }
}

function soon() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }
}

function mark() {
  const links = [...document.querySelectorAll(".contents a")];
  const sections = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  // A section is being read once its heading has come up to the edge of the window; at the end of
  // the page the last one is, however short it is.
  const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const at = atEnd ? links.length - 1 : sections.findLastIndex((section) => section?.getBoundingClientRect().top <= EDGE);
  links.forEach((link, number) => {
    link.classList.toggle("is-read", number < at);
    if (number === at) {
      link.setAttribute("aria-current", "location");
    } else {
      link.removeAttribute("aria-current");
    }
  });
}
