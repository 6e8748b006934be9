// News from the server: that it has some, and nothing of what. A browser opens six connections to
// a host, so its tabs share one stream: a lock decides which holds it, and that one tells the others.

const NAME = "threatpress-preview";
// How long to wait before asking again, in milliseconds.
const PATIENCE = 1000;

// Calls `look` whenever there may be something new, until it is stopped.
export function listen(look, signal) {
  // On an unencrypted host other than this machine there are no locks, and each tab asks for itself.
  if (!navigator.locks) {
    const ask = () => setTimeout(() => signal.aborted || look().finally(ask), PATIENCE);
    ask();
    return;
  }
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", look);
  signal.addEventListener("abort", () => channel.close());
  const tell = () => {
    channel.postMessage("");
    look();
  };
  // To be stopped while it waits for the lock is no fault.
  navigator.locks.request(NAME, { signal }, () => hold(tell, signal)).catch(() => {});
}

// Holds the stream until it is stopped.
function hold(tell, signal) {
  return new Promise((release) => {
    let source;
    const connect = () => {
      source = new EventSource("/.threatpress/events");
      ["current", "revision", "problem", "error"].forEach((kind) => source.addEventListener(kind, tell));
      source.addEventListener("error", () => {
        // The browser connects again by itself, unless the server refused.
        if (source.readyState === EventSource.CLOSED) {
          setTimeout(() => signal.aborted || connect(), PATIENCE);
        }
      });
    };
    connect();
    signal.addEventListener("abort", () => {
      source.close();
      release();
    });
  });
}
