// News from the server. A browser opens six connections to a host, so its tabs share one stream: a
// lock decides which tab holds it, and that tab passes on what it hears.

const NAME = "threatpress-preview";
// How long to wait before asking again, in milliseconds.
const PATIENCE = 1000;

// What the server knows of the page: whose it is, what is wrong, what is hidden.
export async function readState(signal) {
  const response = await fetch(`/.threatpress/state?path=${location.pathname}`, { signal });
  return response.json();
}

export class Stream {
  // `hear` is told of news: the `kind` (one of the server's, or "lost") and the `value`.
  constructor(hear) {
    this.hear = hear;
  }

  start() {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    // On an unencrypted host other than this machine there are no locks: each tab asks for itself.
    if (!navigator.locks) {
      void this.poll(signal);
      return;
    }
    this.channel = new BroadcastChannel(NAME);
    this.channel.addEventListener("message", ({ data }) => (data.kind === "asked" ? this.answer() : this.hear(data)));
    // To be stopped while it waits for the lock is no fault.
    navigator.locks.request(NAME, { signal }, () => this.hold(signal)).catch(() => {});
    this.ask();
  }

  stop() {
    this.stopping.abort();
    this.channel?.close();
  }

  // Asks the tab that holds the stream how things stand.
  ask() {
    this.channel?.postMessage({ kind: "asked" });
  }

  answer() {
    if (this.last) {
      this.channel.postMessage(this.last);
    }
  }

  pass(news) {
    // That something is wrong is asked for by every page itself.
    this.last = news.kind === "problem" ? this.last : { ...news, kind: news.kind === "lost" ? "lost" : "current" };
    this.channel.postMessage(news);
    this.hear(news);
  }

  hold(signal) {
    return new Promise((release) => {
      let source;
      let waiting;
      const connect = () => {
        source = new EventSource("/.threatpress/events");
        for (const kind of ["current", "revision", "problem"]) {
          source.addEventListener(kind, ({ data }) => this.pass({ kind, value: data }));
        }
        source.addEventListener("error", () => {
          this.pass({ kind: "lost" });
          // The browser connects again by itself, unless the server refused.
          if (source.readyState === EventSource.CLOSED) {
            waiting = setTimeout(connect, PATIENCE);
          }
        });
      };
      connect();
      signal.addEventListener("abort", () => {
        clearTimeout(waiting);
        source.close();
        this.last = undefined;
        release();
      });
    });
  }

  async poll(signal) {
    while (!signal.aborted) {
      try {
        const { revision } = await readState(signal);
        this.hear({ kind: "current", value: revision });
        this.hear({ kind: "problem" });
      } catch {
        this.hear({ kind: "lost" });
      }
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }
}
