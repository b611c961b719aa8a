/**
 * Something a person can put right: a wrong setting, a port in use, a part of a template that does not run
 * here. Its message says what to do and is shown without a stack trace.
 */
export class LocalStackError extends Error {
  override readonly name = "LocalStackError";
}
