/**
 * What the browser keeps of a person's choices. Without storage, as in some private windows, they last as
 * long as the page.
 */
type Key = "language" | "theme" | "users-table";

const PREFIX = "single-session.";

export function stored(key: Key): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function store(key: Key, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Nothing of the page depends on it.
  }
}
