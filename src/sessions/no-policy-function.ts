/**
 * What `#session-policy` is where no policy function is set: a module without exports. Where one is set, the
 * bundle of the login function has that module in its place (see docs/guides/limits.md).
 */
export {};
